using System.Text.Json;
using NUnit.Framework;
using Org.BouncyCastle.Tls;
using SslModule.Engine.Ciphers;

namespace SslModule.Engine.Tests.Ciphers;

[TestFixture]
public class CipherSuiteTests
{
    private static IEnumerable<TestCaseData> Recorded()
    {
        using JsonDocument document = JsonDocument.Parse(TestData.Text("get-ciphers.json"));
        foreach (JsonElement suite in document.RootElement.EnumerateArray())
        {
            yield return new TestCaseData(suite.Clone()).SetArgDisplayNames(suite.GetProperty("name").GetString()!);
        }
    }

    private static IReadOnlyList<CipherSuiteInfo> All => CipherSuites.All;

    /// <summary>Each member against what CPython's get_ciphers() said over OpenSSL 3.0.</summary>
    [TestCaseSource(nameof(Recorded))]
    public void Suite_says_what_get_ciphers_said(JsonElement recorded)
    {
        CipherSuiteInfo suite = CipherSuites.ByName(recorded.GetProperty("name").GetString()!)!;
        Assert.That(suite, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(suite.OpenSslId, Is.EqualTo(recorded.GetProperty("id").GetInt32()));
            Assert.That(suite.Protocol, Is.EqualTo(recorded.GetProperty("protocol").GetString()));
            Assert.That(suite.Description, Is.EqualTo(recorded.GetProperty("description").GetString()));
            Assert.That(suite.StrengthBits, Is.EqualTo(recorded.GetProperty("strength_bits").GetInt32()));
            Assert.That(suite.AlgBits, Is.EqualTo(recorded.GetProperty("alg_bits").GetInt32()));
            Assert.That(suite.Aead, Is.EqualTo(recorded.GetProperty("aead").GetBoolean()));
            Assert.That(suite.Symmetric, Is.EqualTo(recorded.GetProperty("symmetric").GetString()));
            Assert.That(suite.Digest, Is.EqualTo(recorded.GetProperty("digest").GetString()));
            Assert.That(suite.Kea, Is.EqualTo(recorded.GetProperty("kea").GetString()));
            Assert.That(suite.Auth, Is.EqualTo(recorded.GetProperty("auth").GetString()));
        });
    }

    [Test]
    public void Ids_and_names_are_unique()
    {
        Assert.Multiple(() =>
        {
            Assert.That(All.Select(suite => suite.Id), Is.Unique);
            Assert.That(All.Select(suite => suite.Name), Is.Unique);
            Assert.That(All.Select(suite => suite.StandardName), Is.Unique);
        });
    }

    /// <summary>No row for a suite that the TLS library underneath cannot do; its constants bear the names of the registry.</summary>
    [TestCaseSource(nameof(All))]
    public void BouncyCastle_knows_the_suite(object row)
    {
        var suite = (CipherSuiteInfo)row;
        Assert.Multiple(() =>
        {
            Assert.That(typeof(CipherSuite).GetField(suite.StandardName)?.GetValue(null), Is.EqualTo(suite.Id));
            Assert.That(TlsUtilities.GetKeyExchangeAlgorithm(suite.Id), Is.GreaterThanOrEqualTo(0));
            Assert.That(TlsUtilities.GetEncryptionAlgorithm(suite.Id), Is.GreaterThanOrEqualTo(0));
            Assert.That(TlsUtilities.GetMacAlgorithm(suite.Id), Is.GreaterThanOrEqualTo(0));
        });
    }

    [Test]
    public void ById_takes_the_wire_and_OpenSSLs_form()
    {
        Assert.Multiple(() =>
        {
            Assert.That(CipherSuites.ById(0xC030)?.Name, Is.EqualTo("ECDHE-RSA-AES256-GCM-SHA384"));
            Assert.That(CipherSuites.ById(0x0300C030)?.Name, Is.EqualTo("ECDHE-RSA-AES256-GCM-SHA384"));
            Assert.That(CipherSuites.ById(0x00FF), Is.Null);
            Assert.That(CipherSuites.ByName("nonsense"), Is.Null);
        });
    }
}
