using Microsoft.Scripting.Hosting;

namespace SslModule.IronPython;

/// <summary>Embedding in one line.</summary>
public static class ScriptEngineExtensions
{
    /// <summary>
    /// Lets <c>import ssl</c> in an IronPython engine be answered by this module: its <c>_ssl</c> takes the place of IronPython's
    /// own, and the folder of its ssl.py comes first on the search path. To be called before a script imports either.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="folder">Where ssl.py lies; null is the folder <c>ssl</c> beside the assembly, where a build puts it.</param>
    /// <exception cref="FileNotFoundException">There is no ssl.py in that folder.</exception>
    public static void UseSslModule(this ScriptEngine engine, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        folder ??= Path.Combine(AppContext.BaseDirectory, "ssl");
        string module = Path.Combine(folder, "ssl.py");
        if (!File.Exists(module))
        {
            throw new FileNotFoundException("The Python half of the module is missing", module);
        }

        engine.Runtime.LoadAssembly(typeof(PythonSsl).Assembly);
        engine.SetSearchPaths([folder, .. engine.GetSearchPaths()]);
    }
}
