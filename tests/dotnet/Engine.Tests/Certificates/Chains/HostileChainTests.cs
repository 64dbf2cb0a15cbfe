using System.Diagnostics;
using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates.Chains;

/// <summary>What a peer could send to cost the verifier time, or to slip through.</summary>
[TestFixture]
public class HostileChainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Issued _root = Ca("CN=root").SelfSign();

    [Test]
    public void A_verification_checks_so_many_signatures_and_no_more()
    {
        var budget = new SignatureBudget();
        for (int taken = 0; taken < SignatureBudget.MaximumSignatures - 1; taken++)
        {
            Assert.That(budget.TryDeduct(1));
        }

        // One is left, and the chain needs two.
        Issued middle = _root.Issue(Ca("CN=m"));
        Certificate leaf = middle.Issue(End()).Certificate;
        VerificationResult result = ChainVerifier.Verify(leaf, [middle.Certificate], Settings(_root), budget);
        Assert.That((result.Code, result.Depth), Is.EqualTo((VerifyCode.ChainTooLong, 0)));
        Assert.That(ChainVerifier.Verify(leaf, [middle.Certificate], Settings(_root)).Code, Is.Zero);
    }

    [Test]
    public void Lists_are_paid_from_the_same_budget()
    {
        var budget = new SignatureBudget();
        for (int taken = 0; taken < SignatureBudget.MaximumSignatures; taken++)
        {
            budget.TryDeduct(1);
        }

        VerificationSettings settings = Settings(_root) with { Flags = VerifyFlags.TrustedFirst | VerifyFlags.CrlCheck };
        settings.Store.Add(RevocationList.Parse(new CrlSpec { Issuer = _root }.Encoded));
        Assert.That(ChainVerifier.Verify(_root.Issue(End()).Certificate, [], settings, budget).Code, Is.EqualTo(VerifyCode.ChainTooLong));
    }

    [Test]
    public void The_depth_limit_is_OpenSSLs()
    {
        var sent = new List<Certificate>();
        Issued top = _root;
        for (int index = 0; index < 101; index++)
        {
            top = top.Issue(Ca($"CN=level {index}"));
            sent.Add(top.Certificate);
            if (index == 99)
            {
                Assert.That(ChainVerifier.Verify(top.Issue(End()).Certificate, sent, Settings(_root)).Code, Is.Zero, "a hundred between");
            }
        }

        Assert.That(ChainVerifier.Verify(top.Issue(End()).Certificate, sent, Settings(_root)).Code, Is.EqualTo(VerifyCode.ChainTooLong));
    }

    [Test]
    public void Hundreds_of_issuers_of_one_name_cost_little()
    {
        // No identifiers: every one could be the issuer of every other.
        TestKey key = TestKey.Create("P-256");
        CertificateSpec spec = Ca("CN=same").With(new Extension("2.5.29.14", false, null), new Extension("2.5.29.35", false, null)) with { Key = key };
        Certificate[] sent = [.. Enumerable.Range(0, 400).Select(index => CertificateSpec.Make(spec with { Serial = index + 1 }, "CN=same", key, null).Certificate)];
        Certificate leaf = CertificateSpec.Make(End(), "CN=same", key, null).Certificate;
        long start = Stopwatch.GetTimestamp();
        VerificationResult result = ChainVerifier.Verify(leaf, sent, Settings(_root));
        Assert.That(result.Code, Is.Not.Zero);
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience));
    }

    [Test]
    public void Thousands_of_names_under_thousands_of_constraints_are_refused_at_once()
    {
        byte[] subtrees = Der.Context(0, [.. Enumerable.Range(0, 2000).Select(index => Der.Sequence(Der.Dns($"{index}.example")))]);
        Issued middle = _root.Issue(Ca("CN=m").With(new Extension("2.5.29.30", true, Der.Sequence(subtrees))));
        Certificate leaf = middle.Issue(End().With(new Extension("2.5.29.17", false, Der.Sequence([.. Enumerable.Range(0, 2000).Select(index => Der.Dns($"a.{1999 - index}.example"))])))).Certificate;
        long start = Stopwatch.GetTimestamp();
        Assert.That(ChainVerifier.Verify(leaf, [middle.Certificate], Settings(_root)).Code, Is.EqualTo(VerifyCode.Unspecified));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience));
    }

    [TestCase(16385)]
    [TestCase(20000)]
    [TestCase(1_000_000)]
    public void RSA_keys_have_a_largest_size(int bits)
    {
        // Nothing is computed with a larger one, so its size costs nothing.
        PublicKey key = PublicKey.Parse(MultiPrimeRsa.Info((BigInteger.One << (bits - 1)) + 1, 65537));
        Assert.That(key.Bits, Is.EqualTo(bits));
        long start = Stopwatch.GetTimestamp();
        Assert.That(key.VerifyHash(HashAlgorithmName.SHA256, new byte[32], new byte[(bits + 7) / 8]), Is.False);
        Assert.That(key.VerifyHash(HashAlgorithmName.SHA256, new byte[32], new byte[(bits + 7) / 8], pss: true), Is.False);
        Assert.Throws<TlsError>(() => key.EncryptPkcs1(new byte[48]));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience));
    }

    // The signature 1 is 1 to any power: with the exponent 1 a forger need not even know what to sign.
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(0)]
    [TestCase(-3)]
    public void RSA_exponents_that_sign_nothing_verify_nothing(int exponent)
    {
        const int size = 256;
        byte[] block = RsaPadding.Pkcs1(RsaPadding.DigestInfoPrefix(HashAlgorithmName.SHA256)!, new byte[32], size)!;
        byte[] info = MultiPrimeRsa.Info((BigInteger.One << ((8 * size) - 1)) + 1, exponent);
        Assert.That(PublicKey.Parse(info).VerifyHash(HashAlgorithmName.SHA256, new byte[32], block), Is.False);
    }

    [Test]
    public void A_key_with_a_curve_spelled_out_verifies_nothing()
    {
        TestKey key = TestKey.Explicit();
        Issued self = (End() with { Key = key }).SelfSign();
        PublicKey parsed = self.Certificate.PublicKey;
        Assert.That(parsed.HasExplicitParameters);
        Assert.That(CertificateSignature.Verify(parsed, self.Certificate), Is.False);
    }

    [Test]
    public void A_point_off_its_curve_is_refused()
    {
        byte[] key = TestKey.Create("P-256").PublicKeyInfo;
        key[^1] ^= 1;
        Assert.Throws<TlsError>(() => PublicKey.Parse(key));
    }

    [Test]
    public void Every_code_has_words_and_an_alert()
    {
        foreach (System.Reflection.FieldInfo field in typeof(VerifyCode).GetFields())
        {
            int code = (int)field.GetRawConstantValue()!;
            Assert.That(VerifyMessages.Text(code), Is.Not.EqualTo("unknown certificate verification error"), field.Name);
            Assert.That(VerifyMessages.Alert(code) == 0, Is.EqualTo(code == 0), field.Name);
        }
    }

    private static CertificateSpec Ca(string subject) => new() { Subject = subject, IsCa = true };

    private static CertificateSpec End() => new() { Subject = "CN=leaf" };

    private static VerificationSettings Settings(Issued root)
    {
        var store = new TrustStore();
        store.Add(root.Certificate);
        return new VerificationSettings { Store = store, Now = Authority.Now };
    }
}
