using System.Text;
using IronPython.Hosting;
using IronPython.Runtime;
using Microsoft.Scripting;
using Microsoft.Scripting.Hosting;
using Microsoft.Scripting.Hosting.Providers;

// Runs a script as __main__, the way ipyssl does, and loads nothing of this project.
ScriptEngine engine = Python.CreateEngine(new Dictionary<string, object> { ["Arguments"] = args });
engine.SetSearchPaths([Path.GetDirectoryName(Path.GetFullPath(args[0]))!, Path.Combine(AppContext.BaseDirectory, "lib")]);
engine.GetSysModule().SetVariable("executable", Environment.ProcessPath);
var python = (PythonContext)HostingHelpers.GetLanguageContext(engine);
SourceUnit source = python.CreateFileUnit(args[0], Encoding.UTF8, SourceCodeKind.File);
PythonModule module = python.CompileModule(args[0], "__main__", source, ModuleOptions.Optimized | ModuleOptions.ModuleBuiltins, out ScriptCode code);
python.PublishModule("__main__", module);
try
{
    code.Run(module.Scope);
}
catch (Exception exception)
{
    Console.Error.WriteLine(engine.GetService<ExceptionOperations>().FormatException(exception));
    return 1;
}

return 0;
