using System.Text;
using IronPython.Hosting;
using IronPython.Runtime;
using IronPython.Runtime.Exceptions;
using Microsoft.Scripting;
using Microsoft.Scripting.Hosting;
using Microsoft.Scripting.Hosting.Providers;
using SslModule.IronPython;

namespace SslModule.IronPythonHost;

/// <summary><c>ipyssl script.py args</c>: runs a script on IronPython with the engine as its <c>_ssl</c>.</summary>
internal static class Program
{
    private const int UsageError = 2;

    private static int Main(string[] args)
    {
        if (args.Length == 0)
        {
            Console.Error.WriteLine("usage: ipyssl script.py [argument ...]");
            return UsageError;
        }

        ScriptEngine engine = CreateEngine(args);
        try
        {
            RunAsMain(engine, args[0]);
            return 0;
        }
        catch (SystemExitException exit)
        {
            return ExitCode(exit);
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(engine.GetService<ExceptionOperations>().FormatException(exception));
            return 1;
        }
    }

    /// <summary>What embedding takes are two lines: the standard library on the search path, and UseSslModule().</summary>
    private static ScriptEngine CreateEngine(string[] args)
    {
        ScriptEngine engine = Python.CreateEngine(new Dictionary<string, object> { ["Arguments"] = args });
        engine.SetSearchPaths([Path.Combine(AppContext.BaseDirectory, "lib")]);
        engine.UseSslModule();
        engine.SetSearchPaths(
        [
            Path.GetDirectoryName(Path.GetFullPath(args[0]))!,
            .. (Environment.GetEnvironmentVariable("IRONPYTHONPATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            .. engine.GetSearchPaths(),
        ]);
        engine.GetSysModule().SetVariable("executable", Environment.ProcessPath);
        return engine;
    }

    // A script that an embedder runs inside its program needs no more than engine.ExecuteFile; this one is to be __main__.
    private static void RunAsMain(ScriptEngine engine, string path)
    {
        var python = (PythonContext)HostingHelpers.GetLanguageContext(engine);
        SourceUnit source = python.CreateFileUnit(path, Encoding.UTF8, SourceCodeKind.File);
        PythonModule module = python.CompileModule(path, "__main__", source, ModuleOptions.Optimized | ModuleOptions.ModuleBuiltins, out ScriptCode code);
        python.PublishModule("__main__", module);
        code.Run(module.Scope);
    }

    // sys.exit(None) and sys.exit() mean 0, a number itself, and anything else is printed.
    private static int ExitCode(SystemExitException exit)
    {
        int code = exit.GetExitCode(out object? other);
        if (other is not null)
        {
            Console.Error.WriteLine(other);
        }

        return code;
    }
}
