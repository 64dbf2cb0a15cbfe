using NUnit.Framework;

namespace SslModule.Engine.Tests;

/// <summary>The tables of facts that are embedded as text.</summary>
[TestFixture]
public sealed class EmbeddedTableTests
{
    /// <summary>A checkout on Windows may turn line ends; the last cell of every row would then be another one.</summary>
    [TestCase("distrusted-keys.txt")]
    [TestCase("objects.txt")]
    [TestCase("reasons.txt")]
    public void Rows_end_in_line_feeds(string resource)
    {
        using Stream stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        Assert.That(reader.ReadToEnd(), Does.Contain("\n").And.Not.Contain("\r"));
    }
}
