using Python.Included;

// Unpacks CPython into the folder named, unless it is there already, and prints the path of its python.exe.
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: Included FOLDER");
    return 2;
}

Installer.InstallPath = Directory.CreateDirectory(args[0]).FullName;
Installer.LogMessage += Console.Error.WriteLine;
await Installer.SetupPython();
string python = Path.Combine(Installer.EmbeddedPythonHome, "python.exe");
if (!File.Exists(python))
{
    Console.Error.WriteLine($"Python.Included has left no {python}");
    return 1;
}

Console.WriteLine(python);
return 0;
