using System.Text;
using IronPython.Hosting;
using IronPython.Runtime;
using Microsoft.Scripting.Hosting;
using Microsoft.Scripting.Hosting.Providers;
using Microsoft.Scripting.Hosting.Shell;

namespace SslModule.IronPythonHost;

/// <summary>A console of IronPython's own classes: options, environment variables and the interactive loop are those of <c>ipy</c>.</summary>
internal class PythonConsole : ConsoleHost
{
    /// <summary>What the command line asked for.</summary>
    protected PythonConsoleOptions? PythonOptions { get; private set; }

    /// <inheritdoc/>
    protected override Type Provider => typeof(PythonContext);

    /// <inheritdoc/>
    protected override CommandLine CreateCommandLine() => new PythonCommandLine();

    /// <inheritdoc/>
    protected override OptionsParser CreateOptionsParser() => new PythonOptionsParser();

    /// <inheritdoc/>
    protected override LanguageSetup CreateLanguageSetup() => Python.CreateLanguageSetup(null);

    /// <inheritdoc/>
    protected override ScriptRuntimeSetup CreateRuntimeSetup()
    {
        ScriptRuntimeSetup setup = base.CreateRuntimeSetup();
        foreach (LanguageSetup language in setup.LanguageSetups)
        {
            // The command line finds the standard library by itself.
            language.Options["SearchPaths"] = Array.Empty<string>();
        }

        return setup;
    }

    /// <summary>All arguments are Python's; the ones of a console for any language would take some of them away.</summary>
    protected override void ParseHostOptions(string[] args)
    {
        foreach (string argument in args)
        {
            Options.IgnoredArgs.Add(argument);
        }
    }

    /// <inheritdoc/>
    protected override ConsoleOptions ParseOptions(string[] args, ScriptRuntimeSetup runtimeSetup, LanguageSetup languageSetup)
    {
        ConsoleOptions options = base.ParseOptions(args, runtimeSetup, languageSetup);
        PythonOptions = options as PythonConsoleOptions;
        return options;
    }

    /// <summary>Line editing where there is a terminal to edit on; text that is piped in is read as it is.</summary>
    protected override IConsole CreateConsole(ScriptEngine engine, CommandLine commandLine, ConsoleOptions options)
        => PythonOptions!.BasicConsole || Console.IsInputRedirected || Console.IsOutputRedirected
            ? new BasicConsole(options)
            : new SuperConsole(commandLine, options);

    /// <inheritdoc/>
    protected override void ExecuteInternal()
    {
        var python = (PythonContext)HostingHelpers.GetLanguageContext(Engine);
        python.SetModuleState(typeof(ScriptEngine), Engine);
        base.ExecuteInternal();
    }

    /// <inheritdoc/>
    protected override void PrintVersion() => Console.WriteLine(Engine.Setup.DisplayName);

    /// <inheritdoc/>
    protected override void PrintUsage()
    {
        var help = new StringBuilder();
        PrintLanguageHelp(help);
        Console.Write($"usage: {ExeName} {help}");
    }
}
