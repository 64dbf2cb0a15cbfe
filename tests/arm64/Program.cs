using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Xml.Linq;
using NUnit.Framework.Api;
using NUnit.Framework.Internal;

namespace SslModule.Tests.Arm64;

/// <summary>
/// NUnit's tests of an assembly, in this process: `dotnet test` would begin others, whose programs are for another processor.
/// Prints the time that each fixture took, what failed, and `N passed, N failed, N skipped`.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments.Length < 3 || !int.TryParse(arguments[0], out int seconds))
        {
            Console.Error.WriteLine("usage: Arm64 SECONDS ASSEMBLY PATTERN...; a pattern is a regular expression that a test's full name contains");
            return 2;
        }

        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            Console.Error.WriteLine($"this process runs on {RuntimeInformation.ProcessArchitecture}");
            return 2;
        }

        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(Load(Path.GetFullPath(arguments[1])), new Dictionary<string, object>());
        var reporter = new Reporter();
        runner.RunAsync(reporter, Filter(arguments[2..]));
        bool isDone = runner.WaitForCompletion(seconds * 1000);
        bool isGood = reporter.Conclude(isDone ? null : seconds);

        // Tests that have not ended keep their threads.
        Environment.Exit(isGood ? 0 : 1);
        return 0;
    }

    private static Assembly Load(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
        {
            string beside = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(beside) ? context.LoadFromAssemblyPath(beside) : null;
        };
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    private static TestFilter Filter(string[] patterns)
    {
        IEnumerable<XElement> names = patterns.Select(pattern => new XElement("test", new XAttribute("re", "1"), pattern));
        return TestFilter.FromXml(new XElement("filter", new XElement("or", names)).ToString());
    }
}
