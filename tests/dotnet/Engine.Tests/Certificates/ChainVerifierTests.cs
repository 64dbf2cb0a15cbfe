using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates;

[TestFixture]
public class ChainVerifierTests
{
    private readonly Authority _root = Authority.Root();

    private Authority _intermediate = null!;

    [OneTimeSetUp]
    public void Prepare() => _intermediate = _root.Issue("CN=intermediate", Shape.Ca());

    [Test]
    public void A_chain_to_a_trusted_root_is_good()
    {
        VerificationResult result = Verify(_intermediate.Issue("CN=leaf", Shape.Server("a.example")), [_intermediate], settings => settings with { HostName = "a.example", SecurityLevel = 2 });
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Chain, Has.Count.EqualTo(3));
        Assert.That(result.Alert, Is.Zero);
    }

    [Test]
    public void A_missing_intermediate_is_20()
        => Refused(_intermediate.Issue("CN=leaf", Shape.Server()), [], 20, 0, "unable to get local issuer certificate", 48);

    [Test]
    public void An_untrusted_self_signed_leaf_is_18()
        => Refused(Authority.Root("CN=alone", Shape.Server()), [], 18, 0, "self-signed certificate", 48);

    [Test]
    public void An_untrusted_root_in_the_chain_is_19()
    {
        Authority other = Authority.Root("CN=other");
        Refused(other.Issue("CN=leaf", Shape.Server()), [other], 19, 1, "self-signed certificate in certificate chain", 48);
    }

    [Test]
    public void A_trusted_intermediate_alone_is_2_and_enough_with_partial_chain()
    {
        Authority leaf = _intermediate.Issue("CN=leaf", Shape.Server());
        var store = new TrustStore();
        store.Add(_intermediate.Certificate);
        Refused(leaf, [], 2, 1, "unable to get issuer certificate", 48, settings => settings with { Store = store });
        Assert.That(Verify(leaf, [], settings => settings with { Store = store, Flags = VerifyFlags.PartialChain | VerifyFlags.TrustedFirst }).Code, Is.Zero);
    }

    [Test]
    public void A_trusted_leaf_is_enough_with_partial_chain()
    {
        Authority leaf = _intermediate.Issue("CN=leaf", Shape.Server());
        var store = new TrustStore();
        store.Add(leaf.Certificate);
        Refused(leaf, [], 20, 0, "unable to get local issuer certificate", 48, settings => settings with { Store = store });
        Assert.That(Verify(leaf, [], settings => settings with { Store = store, Flags = VerifyFlags.PartialChain }).Code, Is.Zero);
    }

    [Test]
    public void A_foreign_signature_under_a_trusted_name_is_7()
    {
        Authority mimic = Authority.Root("CN=root", Shape.Ca() with { Identifiers = false });
        Authority leaf = mimic.Issue("CN=leaf", Shape.Server() with { Identifiers = false });
        Refused(leaf, [], 7, 0, "certificate signature failure", 51);
        Refused(leaf, [mimic], 7, 0, "certificate signature failure", 51);
    }

    [Test]
    public void Dates_are_9_and_10()
    {
        Refused(_root.Issue("CN=leaf", Shape.Server() with { NotBefore = Authority.Now.AddSeconds(1) }), [], 9, 0, "certificate is not yet valid", 42);
        Refused(_root.Issue("CN=leaf", Shape.Server() with { NotAfter = Authority.Now }), [], 10, 0, "certificate has expired", 45);
        Authority old = _root.Issue("CN=old", Shape.Ca() with { NotAfter = Authority.Now.AddDays(-1) });
        Refused(old.Issue("CN=leaf", Shape.Server()), [old], 10, 1, "certificate has expired", 45);
    }

    [Test]
    public void An_issuer_that_is_no_authority_is_79()
    {
        Authority server = _root.Issue("CN=server", Shape.Server());
        Refused(server.Issue("CN=leaf", Shape.Server()), [server], 79, 1, "invalid CA certificate", 48);
        Authority bare = _root.Issue("CN=bare", new Shape());
        Refused(bare.Issue("CN=leaf", Shape.Server()), [bare], 79, 1, "invalid CA certificate", 48);
    }

    [Test]
    public void A_path_that_is_too_long_is_25()
    {
        Authority narrow = _root.Issue("CN=narrow", Shape.Ca() with { PathLength = 0 });
        Authority below = narrow.Issue("CN=below", Shape.Ca());
        Assert.That(Verify(narrow.Issue("CN=leaf", Shape.Server()), [narrow]).Code, Is.Zero);
        Refused(below.Issue("CN=leaf", Shape.Server()), [below, narrow], 25, 2, "path length constraint exceeded", 48);
    }

    [Test]
    public void A_wrong_purpose_is_26()
    {
        Refused(_root.Issue("CN=leaf", Shape.Client()), [], 26, 0, "unsuitable certificate purpose", 43);
        Refused(_root.Issue("CN=leaf", Shape.Server()), [], 26, 0, "unsuitable certificate purpose", 43, settings => settings with { Purpose = Purpose.ClientAuth });
        Authority clients = _root.Issue("CN=clients", Shape.Ca() with { Purposes = [Shape.ClientAuth] });
        Refused(clients.Issue("CN=leaf", Shape.Server()), [clients], 26, 1, "unsuitable certificate purpose", 43);
    }

    [Test]
    public void An_unknown_critical_extension_is_34()
        => Refused(_root.Issue("CN=leaf", Shape.Server() with { More = [new X509Extension("1.2.3.4", [5, 0], critical: true)] }), [], 34, 0, "unhandled critical extension", 46);

    [Test]
    public void Names_outside_the_constraints_are_47_and_48()
    {
        byte[] constraints = [0x30, 0, 0xA0, 0x0B, 0x30, 0x09, 0x82, 0x07, .. "example"u8, 0xA1, 0x0F, 0x30, 0x0D, 0x82, 0x0B, .. "bad.example"u8];
        constraints[1] = (byte)(constraints.Length - 2);
        Authority narrow = _root.Issue("CN=narrow", Shape.Ca() with { More = [new X509Extension("2.5.29.30", constraints, critical: true)] });
        Assert.That(Verify(narrow.Issue("CN=leaf", Shape.Server("a.example")), [narrow]).Code, Is.Zero);
        Refused(narrow.Issue("CN=leaf", Shape.Server("a.example.com")), [narrow], 47, 0, "permitted subtree violation", 46);
        Refused(narrow.Issue("CN=leaf", Shape.Server("x.bad.example")), [narrow], 48, 0, "excluded subtree violation", 46);
    }

    [Test]
    public void Names_and_addresses_are_62_and_64()
    {
        Authority leaf = _root.Issue("CN=named.example", Shape.Server("a.example") with { Addresses = ["127.0.0.1", "::1"] });
        Refused(leaf, [], 62, 0, "Hostname mismatch, certificate is not valid for 'b.example'.", 42, settings => settings with { HostName = "b.example" });
        Refused(leaf, [], 62, 0, "Hostname mismatch, certificate is not valid for 'named.example'.", 42, settings => settings with { HostName = "named.example" });
        Refused(leaf, [], 64, 0, "IP address mismatch, certificate is not valid for '127.0.0.2'.", 42, settings => settings with { HostName = "127.0.0.2" });
        Assert.That(Verify(leaf, [], settings => settings with { HostName = "127.0.0.1" }).Code, Is.Zero);
        Assert.That(Verify(leaf, [], settings => settings with { HostName = "0:0::1" }).Code, Is.Zero);
    }

    [Test]
    public void Weak_keys_and_digests_are_66_67_and_68()
    {
        Shape small = Shape.Server() with { NewKey = () => RSA.Create(1024) };
        Refused(_root.Issue("CN=leaf", small), [], 66, 0, "EE certificate key too weak", 42, settings => settings with { SecurityLevel = 2 });
        Assert.That(Verify(_root.Issue("CN=leaf", small), [], settings => settings with { SecurityLevel = 1 }).Code, Is.Zero);
        Authority weak = _root.Issue("CN=weak", Shape.Ca() with { NewKey = () => RSA.Create(1024) });
        Refused(weak.Issue("CN=leaf", Shape.Server()), [weak], 67, 1, "CA certificate key too weak", 42, settings => settings with { SecurityLevel = 2 });
        Authority rsa = _root.Issue("CN=rsa", Shape.Ca() with { NewKey = () => RSA.Create(2048) });
        Refused(rsa.Issue("CN=leaf", Shape.Server() with { Hash = HashAlgorithmName.SHA1 }), [rsa], 68, 0, "CA signature digest algorithm too weak", 42, settings => settings with { SecurityLevel = 1 });
    }

    private VerificationResult Verify(Authority leaf, Authority[] sent, Func<VerificationSettings, VerificationSettings>? adjust = null)
    {
        var store = new TrustStore();
        store.Add(_root.Certificate);
        var settings = new VerificationSettings { Store = store, Now = Authority.Now, Purpose = Purpose.ServerAuth };
        return ChainVerifier.Verify(leaf.Certificate, [.. sent.Select(authority => authority.Certificate)], adjust?.Invoke(settings) ?? settings);
    }

    private void Refused(Authority leaf, Authority[] sent, int code, int depth, string message, byte alert, Func<VerificationSettings, VerificationSettings>? adjust = null)
    {
        VerificationResult result = Verify(leaf, sent, adjust);
        Assert.That((result.Code, result.Depth, result.Message, result.Alert), Is.EqualTo((code, depth, message, alert)));
    }
}
