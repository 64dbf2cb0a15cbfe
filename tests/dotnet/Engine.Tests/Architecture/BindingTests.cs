using System.Text.RegularExpressions;
using NUnit.Framework;

namespace SslModule.Engine.Tests.Architecture;

/// <summary>The bindings convert between Python's objects and the engine's; behaviour lives in the engine.</summary>
public sealed partial class BindingTests
{
    [TestCase("CPythonModule")]
    [TestCase("IronPythonModule")]
    [TestCase("IronPythonHost")]
    public void UseNeitherCryptographyNorMessages(string project)
    {
        string[] files = Directory.GetFiles(Path.Combine(Source(), project), "*.cs", SearchOption.AllDirectories);
        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => Forbidden().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName), Is.Empty);
    }

    [GeneratedRegex(@"SslModule\.Engine\.(Crypto|Handshake|Records|Wire)\b")]
    private static partial Regex Forbidden();

    private static string Source()
    {
        string? folder = TestContext.CurrentContext.TestDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "SslModule.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new DirectoryNotFoundException(), "src");
    }
}
