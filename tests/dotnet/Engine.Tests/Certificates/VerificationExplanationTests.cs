using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates;

[TestFixture]
public class VerificationExplanationTests
{
    private readonly Authority _root = Authority.Root("CN=The Root");

    private Authority _intermediate = null!;

    [OneTimeSetUp]
    public void Prepare() => _intermediate = _root.Issue("CN=The Intermediate", Shape.Ca());

    [Test]
    public void A_missing_intermediate_is_named_with_its_address()
    {
        Shape shape = Shape.Server("a.example") with { More = [new X509AuthorityInformationAccessExtension(ocspUris: null, caIssuersUris: ["http://ca.example/intermediate.crt"])] };
        Assert.That(Explain(_intermediate.Issue("CN=leaf", shape), []).Split('\n'), Is.EqualTo((string[])[
            "certificate: depth 0, the server's own; subject 'CN=leaf', issuer 'CN=The Intermediate', valid from 2029-06-15 12:00:00 UTC to 2031-06-15 12:00:00 UTC",
            "looked for: a trusted certificate of its issuer, 'CN=The Intermediate'",
            "looked in: the server sent no further certificates; 1 trusted certificate that the application handed over as data",
            "what would help: the server did not send the intermediate 'CN=The Intermediate'; its AIA names http://ca.example/intermediate.crt. The server has to send it after its own certificate. "
                + "If 'CN=The Intermediate' is a root to be trusted, load it instead: load_verify_locations(cafile=...)",
        ]));
    }

    [Test]
    public void The_chain_and_its_sources_are_told_as_they_are()
    {
        Authority other = Authority.Root("CN=other");
        Authority leaf = other.Issue("CN=leaf", Shape.Server());
        string text = Explain(leaf, [_intermediate], settings => settings with { Store = new TrustStore() });
        Assert.That(text, Does.Contain("looked in: 1 further certificate that the server sent ('CN=The Intermediate'); no trusted certificates, as none were loaded into this context"));
        text = Explain(leaf, [other]);
        Assert.That(text, Does.StartWith("certificate: depth 1, counted from the server's own at 0; subject 'CN=other', issuer 'CN=other'"));
        Assert.That(text, Does.Contain("Its SHA-256 fingerprint is " + other.Native.GetCertHashString(HashAlgorithmName.SHA256)));
    }

    [Test]
    public void Files_and_directories_are_named_with_their_counts()
    {
        string folder = Directory.CreateTempSubdirectory("engine-tests-").FullName;
        string file = Path.Combine(folder, "roots.pem");
        File.WriteAllText(file, _root.Pem + Authority.Root("CN=second").Pem);
        var store = new TrustStore();
        store.AddFile(file);
        store.AddFile(file);
        store.AddDirectory(folder);
        string text = Explain(Authority.Root("CN=other").Issue("CN=leaf", Shape.Server()), [], settings => settings with { Store = store });
        Assert.That(text, Does.Contain($"; 2 trusted certificates of the file {file}; the directory {folder}, in files named by hash (0 trusted certificates read so far)\n"));
    }

    [Test]
    public void A_trusted_certificate_of_that_name_with_another_key_is_told_apart()
        => Assert.That(Explain(Authority.Root("CN=The Root").Issue("CN=leaf", Shape.Server()), []), Does.Contain("a trusted certificate has the name 'CN=The Root' but another key"));

    [Test]
    public void A_self_signed_certificate_has_its_fingerprint()
    {
        Authority alone = Authority.Root("CN=alone", Shape.Server());
        Assert.That(Explain(alone, []), Does.Contain("looked for: this self-signed certificate among the trusted ones").And.Contain(alone.Native.GetCertHashString(HashAlgorithmName.SHA256)));
    }

    [Test]
    public void Times_are_compared_with_the_clock()
    {
        Authority leaf = _root.Issue("CN=leaf", Shape.Server());
        Assert.That(Explain(leaf, [], settings => settings with { Now = Authority.Now.AddYears(2) }), Does.Contain("looked for: a certificate that is valid at 2032-06-15 12:00:00 UTC, the time of this computer's clock")
            .And.Contain("what would help: it has expired 366 days ago; whoever issued it has to renew it, unless this computer's clock is wrong"));
        Assert.That(Explain(leaf, [], settings => settings with { Now = leaf.Native.NotBefore.ToUniversalTime().AddMinutes(-90) }), Does.Contain("it becomes valid in 90 minutes; most likely this computer's clock is wrong"));
    }

    [Test]
    public void Another_name_lists_those_of_the_certificate()
    {
        Authority leaf = _root.Issue("CN=ignored.example", Shape.Server("a.example", "*.b.example") with { Addresses = ["127.0.0.1", "::1"] });
        Assert.That(Explain(leaf, [], settings => settings with { HostName = "c.example" }),
            Does.Contain("looked for: the name 'c.example'\n").And.Contain("the certificate is valid for 'a.example', '*.b.example', 127.0.0.1, ::1: connect by one of these names"));
        string[] many = [.. Enumerable.Range(0, 100).Select(number => $"n{number}.example")];
        Assert.That(Explain(_root.Issue("CN=many", Shape.Server(many)), [], settings => settings with { HostName = "c.example" }), Does.Contain("'n23.example' and 76 more"));
        Assert.That(Explain(_root.Issue("O=nobody", Shape.Server()), [], settings => settings with { HostName = "c.example" }), Does.Contain("no host name at all"));
    }

    [Test]
    public void Another_purpose_is_named()
        => Assert.That(Explain(_root.Issue("CN=leaf", Shape.Client()), []), Does.Contain("looked for: a certificate for the purpose 'TLS Web Server Authentication'").And.Contain("it was issued for 'TLS Web Client Authentication'"));

    [Test]
    public void A_demanded_revocation_list_that_is_not_there_is_asked_for()
        => Assert.That(Explain(_root.Issue("CN=leaf", Shape.Server()), [], settings => settings with { Flags = VerifyFlags.CrlCheck | VerifyFlags.TrustedFirst }),
            Does.Contain("looked for: a certificate revocation list (CRL) of 'CN=The Root', valid at 2030-06-15 12:00:00 UTC\nlooked in: 0 CRLs of this context, none of them of that issuer\n").And.Contain("CRLs are never fetched"));

    [Test]
    public void A_weak_key_has_its_numbers()
        => Assert.That(Explain(_root.Issue("CN=leaf", Shape.Server() with { NewKey = () => RSA.Create(1024) }), [], settings => settings with { SecurityLevel = 2 }),
            Does.Contain("its key of 1024 bits is too weak for security level 2, which wants 112 bits of security"));

    [Test]
    public void Of_a_clients_certificate_it_says_client()
        => Assert.That(Explain(Authority.Root("CN=other").Issue("CN=leaf", Shape.Client()), [], settings => settings with { Purpose = Purpose.ClientAuth }),
            Does.StartWith("certificate: depth 0, the client's own;").And.Contain("the client did not send"));

    [Test]
    public void What_the_peer_sent_cannot_steer_a_terminal()
    {
        Authority leaf = _root.Issue("CN=a\u001b[31m.example", Shape.Server());
        string text = Explain(leaf, [], settings => settings with { HostName = "c.example" });
        Assert.That(text, Does.Contain(@"'a\x1b[31m.example' (common name)"));
        Assert.That(text.Where(letter => letter is < ' ' and not '\n'), Is.Empty);
        text = Explain(Authority.Root("CN=\"a\u001b[31m\nlooked for: nothing" + new string('x', 500) + "\"", Shape.Server()), []);
        Assert.That(text.Split('\n').Select(line => line.Split(':')[0]), Is.EqualTo((string[])["certificate", "looked for", "looked in", "what would help"]));
    }

    private string Explain(Authority leaf, Authority[] sent, Func<VerificationSettings, VerificationSettings>? adjust = null)
    {
        var store = new TrustStore();
        store.AddDer(_root.Certificate.Encoded);
        var settings = new VerificationSettings { Store = store, Now = Authority.Now, Purpose = Purpose.ServerAuth };
        settings = adjust?.Invoke(settings) ?? settings;
        Certificate[] others = [.. sent.Select(authority => authority.Certificate)];
        VerificationResult result = ChainVerifier.Verify(leaf.Certificate, others, settings);
        Assert.That(result.Code, Is.Not.Zero);
        return new VerificationExplanation(result, [leaf.Certificate, .. others], settings).Describe();
    }
}
