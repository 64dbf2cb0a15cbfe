using NUnit.Framework;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>
/// Chains, CRLs and names made by a generator, each judged by our verifier and by the openssl program in the same run: the
/// same verdict, the same first code, at the same depth. Where we differ on purpose, differences.txt says why.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public class DifferentialTests
{
    private static readonly Dictionary<string, Func<ChainCase>> Cases = ChainTable.All();

    private static readonly Dictionary<string, (string Ours, string Theirs)> Differences = ReadDifferences();

    public static IEnumerable<string> Names => Cases.Keys;

    [OneTimeSetUp]
    public void NeedOpenSsl()
    {
        // The codes are those of the 3.0 series.
        string version = InstalledProgram.Run("openssl", "version") ?? "";
        if (!version.StartsWith("OpenSSL 3.0.", StringComparison.Ordinal))
        {
            Assert.Ignore("needs the openssl program of the 3.0 series");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Same_verdict(string name)
    {
        ChainCase chain = Cases[name]();
        string ours = chain.Ours().ToString();
        string theirs = chain.OpenSsl(out string output)?.ToString() ?? "no verdict";
        if (Differences.TryGetValue(name, out (string Ours, string Theirs) difference))
        {
            Assert.That(ours, Is.EqualTo(difference.Ours));
            Assert.That(theirs, Is.AnyOf(difference.Theirs.Split('/')), output);
            return;
        }

        Assert.That(ours, Is.EqualTo(theirs), output);
    }

    [Test]
    public void There_are_enough_and_every_difference_is_of_a_case()
    {
        Assert.That(Cases, Has.Count.AtLeast(250));
        Assert.That(Differences.Keys, Is.SubsetOf(Cases.Keys));
    }

    private static Dictionary<string, (string, string)> ReadDifferences()
        => TestData.Text("differences.txt").Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(fields => fields[0], fields => (fields[1], fields[2]));
}
