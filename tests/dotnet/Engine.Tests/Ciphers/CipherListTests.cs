using NUnit.Framework;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Ciphers;

[TestFixture]
public class CipherListTests
{
    private const string Refused = "refused";

    private static IEnumerable<TestCaseData> Recorded()
        => RecordedLists().Select(entry => new TestCaseData(entry.List, entry.Answer).SetArgDisplayNames(entry.List));

    [TestCaseSource(nameof(Recorded))]
    public void List_equals_what_OpenSSL_was_recorded_to_print(string list, string answer)
        => Assert.That(Print(list), Is.EqualTo(WithoutAbsentSuites(answer)));

    [Test]
    public void Recording_has_enough_lists() => Assert.That(RecordedLists().Count(), Is.GreaterThan(60));

    /// <summary>The same lists against the machine's own program, when it is of the series that the recording is of.</summary>
    [Test]
    public void List_equals_what_the_installed_OpenSSL_prints()
    {
        if (InstalledProgram.Run("openssl", "version") is not { } version || !version.StartsWith("OpenSSL 3.0.", StringComparison.Ordinal))
        {
            Assert.Ignore("no OpenSSL 3.0 on this machine");
        }

        Assert.Multiple(() =>
        {
            foreach ((string list, _) in RecordedLists())
            {
                Assert.That(Print(list), Is.EqualTo(WithoutAbsentSuites(InstalledProgram.Run("openssl", "ciphers", list) ?? Refused)), list);
            }
        });
    }

    [TestCase("3DES", "ECDHE-ECDSA-DES-CBC3-SHA", "PSK-3DES-EDE-CBC-SHA", 10)]
    [TestCase("kRSA+3DES", "DES-CBC3-SHA", "DES-CBC3-SHA", 1)]
    [TestCase("3DES:!aNULL:!PSK", "ECDHE-ECDSA-DES-CBC3-SHA", "DES-CBC3-SHA", 4)]
    [TestCase("DES-CBC3-SHA:AES128-SHA:@STRENGTH", "AES128-SHA", "DES-CBC3-SHA", 2)]
    public void TripleDes_is_there_for_those_who_name_it(string list, string first, string last, int count)
    {
        int level = 0;
        IReadOnlyList<CipherSuiteInfo> suites = CipherList.Parse(list, ref level);
        Assert.Multiple(() =>
        {
            Assert.That(suites[0].Name, Is.EqualTo(first));
            Assert.That(suites[^1].Name, Is.EqualTo(last));
            Assert.That(suites, Has.Count.EqualTo(count));
        });
    }

    [TestCase("DES-CBC3-SHA:!ALL")]
    [TestCase("3DES:-kRSA:!kECDHE:!kDHE:!PSK")]
    [TestCase("aRSA+SHA1:!AES:!CAMELLIA:!eNULL")]
    [TestCase("SRP")]
    [TestCase("aDSS:DHE-DSS-AES128-SHA")]
    public void List_without_a_suite_is_refused(string list)
    {
        int level = 2;
        TlsError error = Assert.Throws<TlsError>(() => CipherList.Parse(list, ref level))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Kind, Is.EqualTo(TlsErrorKind.Ssl));
            Assert.That(error.Message, Is.EqualTo("No cipher can be selected."));
        });
    }

    [TestCase("AES128-SHA", 2)]
    [TestCase("AES128-SHA:@SECLEVEL=0", 0)]
    [TestCase("@SECLEVEL=5:AES128-SHA", 5)]
    [TestCase("@SECLEVEL=1:AES128-SHA:@SECLEVEL=4", 4)]
    public void SecLevel_sets_the_level_and_leaves_the_list_alone(string list, int expected)
    {
        int level = 2;
        IReadOnlyList<CipherSuiteInfo> suites = CipherList.Parse(list, ref level);
        Assert.Multiple(() =>
        {
            Assert.That(level, Is.EqualTo(expected));
            Assert.That(suites.Single().Name, Is.EqualTo("AES128-SHA"));
        });
    }

    [Test]
    public void SuiteB_outlives_its_list()
    {
        int level = 2;
        SuiteBProfile profile = SuiteBProfile.None;
        CipherList.Parse("SUITEB128", ref level, ref profile);
        IReadOnlyList<CipherSuiteInfo> suites = CipherList.Parse("ALL", ref level, ref profile);
        Assert.That(suites.Select(suite => suite.Name), Is.EqualTo(new[] { "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384" }));
    }

    [Test]
    public void Tls13_default_has_no_ccm()
        => Assert.That(CipherList.DefaultTls13.Select(suite => suite.Id), Is.EqualTo(new[] { 0x1302, 0x1303, 0x1301 }));

    private static string Print(string list)
    {
        int level = SecurityLevels.Default;
        try
        {
            return string.Join(':', CipherList.Parse(list, ref level));
        }
        catch (TlsError)
        {
            return Refused;
        }
    }

    /// <summary>OpenSSL's answer without what the engine documents as absent and without TLS 1.3's suites, which are no part of the list.</summary>
    private static string WithoutAbsentSuites(string answer)
    {
        string left = string.Join(':', answer.Trim().Split(':').Where(name => !name.StartsWith("TLS_", StringComparison.Ordinal)
            && name != "NULL-MD5" && !name.Contains("-DSS-", StringComparison.Ordinal) && !name.StartsWith("SRP-", StringComparison.Ordinal)));
        return left.Length == 0 ? Refused : left;
    }

    private static IEnumerable<(string List, string Answer)> RecordedLists()
    {
        string[] entries = TestData.Text("cipher-lists.txt").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        return entries.Skip(1).Select(entry => entry.Split('\n')).Select(lines => (lines[0], lines[1]));
    }
}
