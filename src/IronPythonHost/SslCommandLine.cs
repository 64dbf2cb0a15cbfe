using IronPython.Hosting;

namespace SslModule.IronPythonHost;

/// <summary>IronPython's command line, with a <c>sys.executable</c> that starts this console again.</summary>
internal sealed class SslCommandLine : PythonCommandLine
{
    /// <inheritdoc/>
    protected override void Initialize()
    {
        base.Initialize();

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

    private static string ExecutableName => typeof(SslCommandLine).Assembly.GetName().Name!;
}
