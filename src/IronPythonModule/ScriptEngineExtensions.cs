using Microsoft.Scripting.Hosting;

namespace SslModule.IronPython;

/// <summary>Embedding in one line.</summary>
public static class ScriptEngineExtensions
{
    // An assembly inside a single-file program has no location: its files lie with the program.
    private static string Home => Path.GetDirectoryName(typeof(PythonSsl).Assembly.Location) is { Length: > 0 } home ? home : AppContext.BaseDirectory;

    /// <summary>
    /// Lets <c>import ssl</c> in an IronPython engine be answered by this module: its <c>_ssl</c> takes the place of IronPython's
    /// own, and the folder of its ssl.py comes first on the search path. To be called before a script imports either.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="folder">
    /// Where ssl.py lies; null is the folder <c>ssl</c> beside this assembly, where a build puts it. That is not the program's
    /// folder when a program such as Revit or Rhino loads the embedder as its plug-in.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no ssl.py in that folder.</exception>
    public static void UseSslModule(this ScriptEngine engine, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        folder ??= Path.Combine(Home, "ssl");
        string module = Path.Combine(folder, "ssl.py");
        if (!File.Exists(module))
        {
            throw new FileNotFoundException("The Python half of the module is missing", module);
        }

        engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        engine.SetSearchPaths([folder, .. engine.GetSearchPaths()]);
    }
}
