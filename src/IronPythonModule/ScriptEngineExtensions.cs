using Microsoft.Scripting.Hosting;

namespace SslModule.IronPython;

/// <summary>Embedding in one line.</summary>
public static class ScriptEngineExtensions
{
    private const string Script = "ssl.py";

    // An assembly inside a single-file program has no location: its files lie with the program.
    private static string Home => Path.GetDirectoryName(typeof(PythonSsl).Assembly.Location) is { Length: > 0 } home ? home : AppContext.BaseDirectory;

    /// <summary>
    /// Lets <c>import ssl</c> in an IronPython engine be answered by this module: its <c>_ssl</c> takes the place of IronPython's
    /// own, and the folder of its ssl.py comes before every other with an ssl.py on the search path. To be called before a script
    /// imports either.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="folder">
    /// Where ssl.py lies; null is the folder <c>lib</c> beside this assembly, where a build puts it, with the standard library. That is
    /// not the program's folder when a program such as Revit or Rhino loads the embedder as its plug-in.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no ssl.py in that folder.</exception>
    public static void UseSslModule(this ScriptEngine engine, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        folder = Path.GetFullPath(folder ?? Path.Combine(Home, "lib"));
        string module = Path.Combine(folder, Script);
        if (!File.Exists(module))
        {
            throw new FileNotFoundException("The Python half of the module is missing", module);
        }

        engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        engine.SetSearchPaths(WithFolder([.. engine.GetSearchPaths()], folder));
    }

    // No further ahead than it must be: with it the rest of that folder, a whole standard library, comes before what follows,
    // and a script's own modules are to stay before the library's.
    private static List<string> WithFolder(List<string> paths, string folder)
    {
        int first = paths.FindIndex(path => File.Exists(Path.Combine(path, Script)));
        if (first < 0)
        {
            paths.Add(folder);
        }
        else if (Path.GetFullPath(paths[first]) != folder)
        {
            paths.Insert(first, folder);
        }

        return paths;
    }
}
