using NUnit.Framework;
using SslModule.Engine.Context;
using SslModule.Engine.Tests.Certificates;
using SslModule.Engine.Tests.Certificates.Chains;

namespace SslModule.Engine.Tests.Handshake;

/// <summary>Several chains in one context, chosen by what the peer accepts, and chains completed from the trust store.</summary>
[TestFixture]
public sealed class CredentialChoiceTests
{
    private const string Keys = "RSA-2048 P-256 Ed25519";

    private ScratchFolder _folder = null!;
    private Issued _root = null!;

    [OneTimeSetUp]
    public void Prepare()
    {
        // Programs of another kind know no other time than the present.
        Authority.MoveToThePresent();
        _folder = new ScratchFolder();
        _root = (new CertificateSpec { Subject = "CN=choice root", IsCa = true }).SelfSign();
        Authority.MoveBack();
    }

    [SetUp]
    public void Present() => Authority.MoveToThePresent();

    [TearDown]
    public void Usual() => Authority.MoveBack();

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [TestCase("RSA+SHA256", "RSA")]
    [TestCase("rsa_pss_rsae_sha256", "RSA")]
    [TestCase("ecdsa_secp256r1_sha256", "EC")]
    [TestCase("ed25519", "ED25519")]
    [TestCase("ed25519:rsa_pss_rsae_sha256", "RSA ED25519")]
    public void The_chain_is_one_whose_signatures_the_client_accepts(string algorithms, string kinds)
    {
        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            if (version == "-tls1_3" && algorithms == "RSA+SHA256")
            {
                continue; // TLS 1.3 signs no handshake by PKCS #1.
            }

            string printed = Serve(Server(Keys.Split(' ')), version, "-sigalgs", algorithms);
            Assert.That(kinds.Split(' '), Does.Contain(KindOf(printed)), $"{version}\n{printed}");
        }
    }

    // What OpenSSL 3.0 serves to s_client -sigalgs.
    [TestCase("RSA-2048 P-256", "", true, "P-256", 0x0403)]
    [TestCase("RSA-2048 P-256", "", false, "P-256", 0x0403)]
    [TestCase("RSA-2048 P-256", "rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256", true, "P-256", 0x0403)]
    [TestCase("RSA-2048 P-256", "rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256", false, "RSA-2048", 0x0804)]
    [TestCase("P-256 RSA-2048", "rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256", false, "RSA-2048", 0x0804)]
    [TestCase("RSA-2048 P-384", "rsa_pss_rsae_sha512:ecdsa_secp384r1_sha384", true, "P-384", 0x0503)]
    [TestCase("RSA-2048 P-384", "rsa_pss_rsae_sha512:ecdsa_secp256r1_sha256", true, "RSA-2048", 0x0806)]
    [TestCase("Ed25519 P-256", "ed25519:ecdsa_secp256r1_sha256", true, "P-256", 0x0403)]
    [TestCase("P-256 Ed25519", "ed25519:ecdsa_secp256r1_sha256", false, "Ed25519", 0x0807)]
    public void In_TLS_1_3_the_scheme_chooses_the_chain_whatever_was_loaded_first(string kinds, string algorithms, bool serverChooses, string kind, int scheme)
    {
        TlsContext server = Server(kinds.Split(' ')), client = Careless();
        server.Options = serverChooses ? server.Options | (ulong)TlsOptions.CipherServerPreference : server.Options & ~(ulong)TlsOptions.CipherServerPreference;
        if (algorithms.Length > 0)
        {
            client.SetServerSignatureAlgorithms(algorithms);
        }

        using var pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(pair.Client.PeerChain[0].SubjectText, Is.EqualTo("CN=" + kind));
        Assert.That(pair.Client.ServerSignature, Is.EqualTo(SignatureNames.NameOf(scheme, default)));
    }

    [TestCase("RSA+SHA512:rsa_pss_rsae_sha256", true, 0x0804)]
    [TestCase("RSA+SHA512:rsa_pss_rsae_sha256", false, 0x0601)]
    public void In_TLS_1_2_the_scheme_follows_the_same_order(string algorithms, bool serverChooses, int scheme)
    {
        TlsContext server = Server("RSA-2048"), client = Careless();
        client.MaximumVersion = 0x0303;
        server.Options = serverChooses ? server.Options | (ulong)TlsOptions.CipherServerPreference : server.Options & ~(ulong)TlsOptions.CipherServerPreference;
        client.SetServerSignatureAlgorithms(algorithms);
        using var pair = MemoryPair.Connect(client, server, "localhost");
        Assert.That(pair.Client.ServerSignature, Is.EqualTo(SignatureNames.NameOf(scheme, default)));
    }

    /// <summary>A curve of the same size is another curve.</summary>
    [TestCase("1.3.36.3.3.2.8.1.1.7", 0x0303, "NO_SHARED_CIPHER")]
    [TestCase("1.3.132.0.10", 0x0303, "NO_SHARED_CIPHER")]
    [TestCase("1.3.132.0.10", 0x0304, "UNSUPPORTED_PROTOCOL")]
    public void Key_on_a_curve_that_the_client_does_not_name_is_not_used(string kind, int version, string reason)
    {
        TlsContext server = Server(kind), client = Careless();
        client.MinimumVersion = client.MaximumVersion = version;
        using var pair = MemoryPair.Shake(client, server, "localhost");
        Assert.That(pair.ServerFailure?.Reason, Is.EqualTo(reason));
    }

    /// <summary>RFC 8734: in TLS 1.3 a scheme names the curve, which the groups need not.</summary>
    [TestCase("1.3.36.3.3.2.8.1.1.7", "ecdsa_brainpoolP256r1tls13_sha256")]
    [TestCase("1.3.36.3.3.2.8.1.1.11", "ecdsa_brainpoolP384r1tls13_sha384")]
    [TestCase("1.3.36.3.3.2.8.1.1.13", "ecdsa_brainpoolP512r1tls13_sha512")]
    public void Brainpool_key_signs_in_TLS_1_3_by_its_scheme(string kind, string scheme)
    {
        TlsContext server = Server(kind), client = Careless();
        client.MinimumVersion = 0x0304;
        using (var pair = MemoryPair.Connect(client, server, "localhost"))
        {
            Assert.That(pair.Client.ServerSignature, Is.EqualTo(scheme));
        }

        client.SetServerSignatureAlgorithms("ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512");
        using var refused = MemoryPair.Shake(client, server, "localhost");
        Assert.That(refused.ServerFailure?.Reason, Is.EqualTo("NO_SUITABLE_SIGNATURE_ALGORITHM"));
    }

    [TestCase("ECDHE-RSA-AES128-GCM-SHA256", "RSA")]
    [TestCase("ECDHE-ECDSA-AES128-GCM-SHA256", "EC")]
    [TestCase("AES128-GCM-SHA256", "RSA")]
    public void In_TLS_1_2_the_suite_chooses_the_chain(string suite, string kind)
    {
        TlsContext server = Server(Keys.Split(' '));
        server.SetCiphers("ALL:@SECLEVEL=1");
        Assert.That(KindOf(Serve(server, "-tls1_2", "-cipher", suite)), Is.EqualTo(kind));
    }

    [Test]
    public void A_client_that_accepts_none_is_refused()
    {
        TlsContext server = Server("Ed25519");
        TlsContext client = Careless();
        client.SetServerSignatureAlgorithms("ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256");
        foreach (int version in (int[])[0x0303, 0x0304])
        {
            client.MinimumVersion = client.MaximumVersion = version;
            using var pair = MemoryPair.Shake(client, server, "localhost");
            Assert.That(pair.ServerFailure?.Reason, Is.EqualTo(version == 0x0304 ? "NO_SUITABLE_SIGNATURE_ALGORITHM" : "NO_SHARED_CIPHER"));
        }
    }

    [TestCase("RSA-2048")]
    [TestCase("P-256")]
    public void Another_chain_of_the_same_kind_replaces_the_first(string kind)
    {
        TlsContext server = Server(kind);
        string second = Chain("CN=second", kind, _root);
        server.LoadCertChain(second, null, null);
        using var pair = MemoryPair.Connect(Careless(), server, "localhost");
        Assert.That(pair.Client.PeerChain[0].SubjectText, Is.EqualTo("CN=second"));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public void A_leaf_alone_goes_out_with_the_issuers_that_the_context_trusts(string version)
    {
        Issued middle = _root.Issue(new CertificateSpec { Subject = "CN=completing", IsCa = true });
        string alone = Chain("CN=alone", "P-256", middle);
        TlsContext server = Bare();
        server.LoadCertChain(alone, null, null);
        Assert.That(Count(Serve(server, version)), Is.EqualTo(1), "nothing trusted, nothing to add");
        server.LoadVerifyPem(middle.Pem + _root.Pem);
        string printed = Serve(server, version);

        // OpenSSL's automatic chain goes up to the root, and the root goes too.
        Assert.That(Count(printed), Is.EqualTo(3), printed);
        Assert.That(printed, Does.Contain("1 s:CN = completing").And.Contain("2 s:CN = choice root"));
    }

    [Test]
    public void A_chain_with_issuers_of_its_own_is_left_as_it_is()
    {
        Issued middle = _root.Issue(new CertificateSpec { Subject = "CN=completing", IsCa = true });
        string whole = Chain("CN=whole", "P-256", middle, middle.Pem);
        TlsContext server = Bare();
        server.LoadCertChain(whole, null, null);
        server.LoadVerifyPem(middle.Pem + _root.Pem);
        Assert.That(Count(Serve(server, "-tls1_3")), Is.EqualTo(2));
    }

    [Test]
    public void A_trusted_namesake_with_another_key_is_not_added()
    {
        Issued middle = _root.Issue(new CertificateSpec { Subject = "CN=completing", IsCa = true });
        Issued namesake = _root.Issue(new CertificateSpec { Subject = "CN=completing", IsCa = true });
        TlsContext server = Bare();
        server.LoadCertChain(Chain("CN=alone", "P-256", middle), null, null);
        server.LoadVerifyPem(namesake.Pem + _root.Pem);
        Assert.That(Count(Serve(server, "-tls1_3")), Is.EqualTo(1));
    }

    [Test]
    public void Issuers_in_a_circle_are_sent_no_more_than_a_few_times()
    {
        CertificateSpec one = new() { Subject = "CN=one", IsCa = true }, two = new() { Subject = "CN=two", IsCa = true };
        Issued oneByTwo = CertificateSpec.Make(one, two.Subject, two.Key, two.Key.Identifier), twoByOne = CertificateSpec.Make(two, one.Subject, one.Key, one.Key.Identifier);
        TlsContext server = Bare();
        server.LoadCertChain(Chain("CN=alone", "P-256", oneByTwo), null, null);
        server.LoadVerifyPem(oneByTwo.Pem + twoByOne.Pem);
        using var pair = MemoryPair.Connect(Careless(), server, "localhost");
        Assert.That(pair.Client.PeerChain, Has.Count.InRange(3, 12));
    }

    private static TlsContext Bare() => new(TlsProtocolSelection.TlsServer);

    private static TlsContext Careless() => new(TlsProtocolSelection.TlsClient) { CheckHostname = false, VerifyMode = VerifyMode.None };

    private TlsContext Server(params string[] kinds)
    {
        TlsContext context = Bare();
        foreach (string kind in kinds)
        {
            context.LoadCertChain(Chain("CN=" + kind, kind, _root), null, null);
        }

        return context;
    }

    private string Chain(string subject, string kind, Issued issuer, string more = "")
    {
        TestKey key = TestKey.Create(kind);
        Issued leaf = issuer.Issue(new CertificateSpec { Subject = subject, Key = key }.With(new Extension("2.5.29.15", true, Der.Bits(5, 0xA0))));
        return _folder.Write($"{Guid.NewGuid():N}.pem", leaf.Pem + more + key.Pem + "\n");
    }

    private static string Serve(TlsContext server, params string[] arguments)
        => OpenSslPeer.Serve(server, ["-showcerts", .. arguments]).Printed;

    private static int Count(string printed) => printed.Split("-----BEGIN CERTIFICATE-----").Length - 1;

    // By the subject: it is the kind of the key.
    private static string KindOf(string printed)
        => printed.Contains("s:CN = RSA-2048", StringComparison.Ordinal) ? "RSA"
            : printed.Contains("s:CN = P-256", StringComparison.Ordinal) ? "EC"
            : printed.Contains("s:CN = Ed25519", StringComparison.Ordinal) ? "ED25519" : "none";
}
