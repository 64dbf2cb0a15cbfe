namespace SslModule.IronPythonHost;

/// <summary>The console <c>ipyssl</c>: IronPython's console with the engine as its <c>_ssl</c>.</summary>
internal static class Program
{
    private const string Terminal = "TERM";

    // Windows Forms, the clipboard and COM want such a thread, and scripts expect it of a console.
    [STAThread]
    private static int Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(Terminal) is null)
        {
            // Without one pydoc pipes its pages into a program that is not there.
            Environment.SetEnvironmentVariable(Terminal, "dumb");
        }

        return new SslConsole().Run(args);
    }
}
