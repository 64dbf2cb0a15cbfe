// IronPython inside a C# program, with this project's ssl: dotnet run --project examples/Embedding [script.py]
using IronPython.Hosting;
using Microsoft.Scripting.Hosting;
using SslModule.IronPython;

ScriptEngine engine = Python.CreateEngine();
engine.UseSslModule();
if (args.Length > 0)
{
    engine.ExecuteFile(args[0]);
}
else
{
    engine.Execute("import ssl; print(ssl.OPENSSL_VERSION, ssl.create_default_context().minimum_version)");
}
