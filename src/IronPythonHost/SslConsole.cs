using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Scripting.Hosting.Shell;
using SslModule.IronPython;

namespace SslModule.IronPythonHost;

/// <summary>IronPython's console with the engine as its <c>_ssl</c>.</summary>
internal sealed class SslConsole : PythonConsole
{
    /// <inheritdoc/>
    protected override CommandLine CreateCommandLine() => new SslCommandLine();

    /// <inheritdoc/>
    protected override void ExecuteInternal()
    {
        if (!SslCommandLine.FindsModuleInFolder)
        {
            Engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        }

        base.ExecuteInternal();
    }

    /// <inheritdoc/>
    protected override void PrintVersion()
    {
        base.PrintVersion();
        if (PythonOptions!.PrintSysVersion)
        {
            string version = typeof(PythonSsl).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            Console.WriteLine($"SslModule {version}");
            Console.WriteLine(RuntimeInformation.FrameworkDescription);
        }
    }
}
