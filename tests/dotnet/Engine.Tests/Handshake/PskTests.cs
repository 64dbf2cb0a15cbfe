using System.Text;
using NUnit.Framework;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Connection;
using SslModule.Engine.Context;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Pre-shared keys against OpenSSL's programs, and what only a strange peer sends.</summary>
public sealed class PskTests
{
    private const string Hex = "00112233445566778899aabbccddeeff";
    private const string Everything = "ALL:PSK:@SECLEVEL=0";

    private static readonly byte[] Key = Convert.FromHexString(Hex);

    [Test]
    public void EverySuiteWithSServer()
    {
        using OpenSslPeer server = OpenSslPeer.Server("-cert", TestContexts.CertificateFile(rsa: true), "-psk", Hex, "-psk_hint", "its hint", "-tls1_2", "-cipher", Everything);
        foreach (CipherSuiteInfo suite in OpenSslSuites())
        {
            string? hint = null;
            TlsContext client = TestContexts.Careless(TestContexts.Tls12, suite.Name + ":@SECLEVEL=0");
            client.PskClientCallback = (_, given) =>
            {
                hint = given;
                return new PskCredentials("Client_identity"u8.ToArray(), Key);
            };
            TlsConnection connection = server.Talk(client);
            Assert.That((connection.Cipher!.Name, hint), Is.EqualTo((suite.Name, "its hint")), suite.Name);
        }
    }

    [Test]
    public void EveryKindWithSClient([Values("PSK-AES128-GCM-SHA256", "DHE-PSK-AES256-GCM-SHA384", "ECDHE-PSK-AES128-CBC-SHA256", "RSA-PSK-AES128-CBC-SHA256")] string suite)
    {
        TlsContext server = TestContexts.Server(TestContexts.Tls12, suite + ":@SECLEVEL=1", rsa: true);
        string? identity = null;
        string group = Path.GetTempFileName();
        File.WriteAllText(group, InstalledProgram.Run("openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048"));
        server.LoadDhParams(group);
        File.Delete(group);
        server.PskIdentityHint = "our hint";
        server.PskServerCallback = (_, name) =>
        {
            identity = name;
            return Key;
        };
        (TlsConnection connection, string printed) = OpenSslPeer.Serve(server, "-tls1_2", "-psk", Hex, "-psk_identity", "bob", "-cipher", suite + ":@SECLEVEL=1");
        Assert.That((connection.Cipher!.Name, identity), Is.EqualTo((suite, "bob")));
        Assert.That(printed, Does.Contain("PSK identity: bob").And.Contain("PSK identity hint: our hint"));
    }

    [Test]
    public void ExternalPskWithSServer()
    {
        using OpenSslPeer server = OpenSslPeer.Server("-nocert", "-psk", Hex, "-tls1_3");
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.PskClientCallback = (_, _) => new PskCredentials("Client_identity"u8.ToArray(), Key);
        TlsConnection connection = server.Talk(client, "localhost");
        Assert.That((connection.SessionReused, connection.PeerCertificate), Is.EqualTo((true, (object?)null)));
    }

    [Test]
    public void ExternalPskWithSClient([Values("x25519", "P-384")] string firstGroup)
    {
        TlsContext server = TestContexts.BareServer(TestContexts.Tls13);
        server.SetEcdhCurve("x25519");
        string? identity = null;
        server.PskServerCallback = (_, name) =>
        {
            identity = name;
            return Key;
        };
        (TlsConnection connection, string printed) = OpenSslPeer.Serve(server, "-tls1_3", "-psk", Hex, "-psk_identity", "bob", "-groups", firstGroup == "x25519" ? "x25519" : "P-384:x25519");
        Assert.That((connection.SessionReused, identity), Is.EqualTo((true, "bob")));
        Assert.That(printed, Does.Contain("Reused, TLSv1.3"));
    }

    [Test]
    public void SClientWithAnotherKeyIsRefused()
    {
        TlsContext server = TestContexts.BareServer(TestContexts.Tls13);
        server.PskServerCallback = (_, _) => new byte[] { 1, 2, 3 };
        var error = Assert.Throws<SslModule.Engine.Errors.TlsError>(() => OpenSslPeer.Serve(server, "-tls1_3", "-psk", Hex))!;
        Assert.That((error.Reason, error.Alert), Is.EqualTo(("BINDER_DOES_NOT_VERIFY", (byte?)51)));
    }

    [Test]
    public void ServerKeepsSha256SuiteOnlyWhereItHasNoCertificate([Values] bool certificate)
    {
        TlsContext server = certificate ? TestContexts.Server(TestContexts.Tls13) : TestContexts.BareServer(TestContexts.Tls13);
        server.PskServerCallback = (_, _) => Key;
        TlsContext client = TestContexts.Client(TestContexts.Tls13);
        client.PskClientCallback = (_, _) => new PskCredentials("x"u8.ToArray(), Key);
        using MemoryPair pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(pair.Client.SessionReused, Is.Not.EqualTo(certificate), "the first suite, with SHA-384, has no use for the key");
        Assert.That(pair.Client.Cipher!.Name, Is.EqualTo(certificate ? "TLS_AES_256_GCM_SHA384" : "TLS_CHACHA20_POLY1305_SHA256"));
    }

    [Test]
    public void ClientHoldsTheServersGroupToItsSecurityLevel()
    {
        // At level 0 the program brings a group of 1024 bits of its own for suites of 128 bits without a certificate.
        using OpenSslPeer server = OpenSslPeer.Server("-nocert", "-psk", Hex, "-tls1_2", "-cipher", "DHE-PSK-AES128-GCM-SHA256:@SECLEVEL=0");
        TlsContext client = TestContexts.Careless(TestContexts.Tls12, "DHE-PSK-AES128-GCM-SHA256:@SECLEVEL=1");
        client.PskClientCallback = (_, _) => new PskCredentials("Client_identity"u8.ToArray(), Key);
        server.Talk(client);
        client.SetCiphers("DHE-PSK-AES128-GCM-SHA256:@SECLEVEL=2");
        var error = Assert.Throws<SslModule.Engine.Errors.TlsError>(() => server.Talk(client))!;
        Assert.That((error.Reason, error.Alert), Is.EqualTo(("DH_KEY_TOO_SMALL", (byte?)40)));
    }

    [Test]
    public void ZeroByteInAnIdentityIsUnknown()
    {
        int asked = 0;
        TlsContext server = TestContexts.BareServer(TestContexts.Tls12, Everything);
        server.PskServerCallback = (_, _) =>
        {
            asked++;
            return Key;
        };
        TlsContext client = TestContexts.Careless(TestContexts.Tls12, "PSK:@SECLEVEL=0");
        client.PskClientCallback = (_, _) => new PskCredentials(Encoding.UTF8.GetBytes("admin\0guest"), Key);
        using MemoryPair pair = MemoryPair.Shake(client, server);
        Assert.That((asked, pair.ServerFailure?.Reason, pair.ServerFailure?.Alert), Is.EqualTo((0, "PSK_IDENTITY_NOT_FOUND", (byte?)115)));
        Assert.That(pair.ClientFailure?.Reason, Is.EqualTo("TLSV1_ALERT_UNKNOWN_PSK_IDENTITY"));
    }

    [Test]
    public void HintTooLongForOpenSslIsRefused()
    {
        TlsContext server = TestContexts.BareServer();
        server.PskIdentityHint = new string('h', 256);
        Assert.Throws<SslModule.Engine.Errors.TlsError>(() => server.PskIdentityHint = new string('h', 257));
        Assert.Throws<SslModule.Engine.Errors.TlsError>(() => server.PskIdentityHint = new string('ü', 129));
        Assert.That(server.PskIdentityHint, Has.Length.EqualTo(256));
    }

    private static CipherSuiteInfo[] OpenSslSuites()
    {
        string? names = InstalledProgram.Run("openssl", "ciphers", "-s", "-tls1_2", "-psk", "PSK:!eNULL:!3DES:@SECLEVEL=0");
        CipherSuiteInfo[] suites = [.. (names ?? "").Trim().Split(':').Select(CipherSuites.ByName).OfType<CipherSuiteInfo>().Where(suite => suite.IsPsk)];
        Assert.That(suites, Has.Length.GreaterThan(30));
        return suites;
    }
}
