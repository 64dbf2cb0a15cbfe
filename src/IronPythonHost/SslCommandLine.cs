using IronPython.Hosting;
using SslModule.IronPython;

namespace SslModule.IronPythonHost;

/// <summary>IronPython's command line, with a <c>sys.executable</c> that starts this console again.</summary>
internal sealed class SslCommandLine : PythonCommandLine
{
    /// <summary>
    /// Whether the folder DLLs, which lies beside this console for others to take, has the module too. IronPython loads what is in
    /// there after all that was loaded before, and the module that was loaded last answers.
    /// </summary>
    internal static bool FindsModuleInFolder => File.Exists(Path.Combine(AppContext.BaseDirectory, "DLLs", "SslModule.IronPython.dll"));

    private static string ExecutableName => typeof(SslCommandLine).Assembly.GetName().Name!;

    /// <inheritdoc/>
    protected override void Initialize()
    {
        base.Initialize();
        if (FindsModuleInFolder)
        {
            // The folder's is the one for .NET 8, which every console can load.
            Engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        }

        // As a .NET tool the program that users start lies elsewhere than the assemblies, which cannot be run themselves.
        if (Environment.ProcessPath is { } started && Path.GetFileNameWithoutExtension(started) == ExecutableName)
        {
            Engine.GetSysModule().SetVariable("executable", started);
        }
    }

    /// <summary>Text that is piped in is one program, as CPython takes it, unless -i asks for the interactive loop.</summary>
    protected override int RunInteractive()
        => System.Console.IsInputRedirected && !Options.Introspection
            ? RunCommand(System.Console.In.ReadToEnd())
            : base.RunInteractive();
}
