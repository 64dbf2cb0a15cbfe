using IronPython.Hosting;
using IronPython.Runtime.Exceptions;
using Microsoft.Scripting.Hosting;
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
            engine.ExecuteFile(args[0], engine.CreateScope(new Dictionary<string, object> { ["__name__"] = "__main__", ["__file__"] = args[0] }));
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

    /// <summary>All that embedding takes: load the module's assembly before the first import, and put ssl.py ahead of the standard library.</summary>
    private static ScriptEngine CreateEngine(string[] args)
    {
        ScriptEngine engine = Python.CreateEngine(new Dictionary<string, object> { ["Arguments"] = args });
        engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        engine.SetSearchPaths(
        [
            Path.GetDirectoryName(Path.GetFullPath(args[0]))!,
            .. (Environment.GetEnvironmentVariable("IRONPYTHONPATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Path.Combine(AppContext.BaseDirectory, "ssl"),
            Path.Combine(AppContext.BaseDirectory, "lib"),
        ]);
        engine.GetSysModule().SetVariable("executable", Environment.ProcessPath);
        return engine;
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
