using System.Formats.Asn1;
using System.Numerics;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;
using SslModule.Engine.Tests.Certificates.Chains;
using PublicKey = SslModule.Engine.Certificates.PublicKey;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>
/// What a peer can make us compute with keys of its choice, counted in multiplications: to read a key costs nothing, whatever
/// numbers are in it, and a message of certificates no more than the signatures that somebody trusted made.
/// </summary>
[TestFixture]
public sealed class KeyOperationCostTests
{
    private const int MessageLength = 128 << 10;
    private const string Dsa = "1.2.840.10040.4.1";
    private const string EcPublicKeyType = "1.2.840.10045.2.1";

    private static readonly Random Source = new(13);

    // For each kind of key the worst that can be sent, as a rule the longest.
    private static readonly Dictionary<string, (string Algorithm, Func<byte[]> Make)> Hostile = new()
    {
        ["DSA of 9,999 bits"] = ("dsa-sha256", () => DsaInfo(9999, 256)),
        ["DSA of 10,001 bits"] = ("dsa-sha256", () => DsaInfo(10_001, 256)),
        ["DSA with a long q"] = ("dsa-sha256", () => DsaInfo(9999, 9000)),
        ["RSA of 16,384 bits"] = ("rsa-sha256", () => MultiPrimeRsa.Info(Odd(16_384), 65537)),
        ["RSA with a long exponent"] = ("rsa-sha256", () => MultiPrimeRsa.Info(Odd(3072), Odd(3071))),
        ["RSA of 16,384 bits with a long exponent"] = ("rsa-sha256", () => MultiPrimeRsa.Info(Odd(16_384), Odd(16_383))),
        ["RSA with an even modulus"] = ("rsa-sha256", () => MultiPrimeRsa.Info(Odd(16_384) - 1, 65537)),
        ["RSA of 100,000 bits"] = ("rsa-sha256", () => MultiPrimeRsa.Info(Odd(100_000), 65537)),
        ["P-521, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.132.0.35", 66)),
        ["P-256, compressed"] = ("ecdsa-sha256", () => Compressed(KnownOids.P256, 32)),
        ["P-224, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.132.0.33", 28)),
        ["brainpoolP512r1, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.36.3.3.2.8.1.1.13", 64)),
        ["brainpoolP512t1, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.36.3.3.2.8.1.1.14", 64)),
        ["sect571r1, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.132.0.39", 72)),
        ["sect571k1, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.132.0.38", 72)),
        ["secp128r2, compressed"] = ("ecdsa-sha256", () => Compressed("1.3.132.0.29", 16)),
        ["P-521"] = ("ecdsa-sha256", () => TestKey.Create("P-521").PublicKeyInfo),
        ["brainpoolP512r1"] = ("ecdsa-sha256", () => TestKey.Create("1.3.36.3.3.2.8.1.1.13").PublicKeyInfo),
        ["a curve spelled out"] = ("ecdsa-sha256", Explicit),
        ["Ed25519"] = ("Ed25519", () => TestKey.Create("Ed25519").PublicKeyInfo),
        ["Ed448"] = ("Ed448", () => TestKey.Create("Ed448").PublicKeyInfo),
    };

    private static IEnumerable<string> Kinds => Hostile.Keys;

    [TestCaseSource(nameof(Kinds))]
    public void To_read_a_key_computes_nothing(string kind)
    {
        byte[] info = Hostile[kind].Make();
        PublicKey first = PublicKey.Parse(info);
        long before = KeyOperationCost.Total, bytes = GC.GetAllocatedBytesForCurrentThread();
        PublicKey key = PublicKey.Parse(info);
        int bits = key.Bits, strength = key.SecurityBits;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Assert.That(KeyOperationCost.Total - before, Is.Zero);
        Assert.That((bits, strength), Is.EqualTo((first.Bits, first.SecurityBits)));

        // Arithmetic that nobody counted would leave its numbers behind.
        Assert.That(allocated, Is.LessThan((8 * info.Length) + 8192));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_chain_that_nobody_trusts_costs_the_leaf_at_most(string kind)
    {
        (Certificate[] chain, VerificationSettings settings) = Chain(kind, signed: false);
        long before = KeyOperationCost.Total;
        VerificationResult result = ChainVerifier.Verify(chain[0], chain[1..], settings with { SecurityLevel = 1 });
        Assert.That(result.Code, Is.Not.Zero);
        Assert.That(KeyOperationCost.Total - before, Is.LessThanOrEqualTo(chain[0].PublicKey.ValidationCost));
        Assert.That(chain[0].PublicKey.ValidationCost, Is.LessThanOrEqualTo(KeyOperationCost.Curve(571)));
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_chain_whose_top_is_trusted_costs_the_first_bad_signature(string kind)
    {
        (Certificate[] chain, VerificationSettings settings) = Chain(kind, signed: true);
        long before = KeyOperationCost.Total;
        VerificationResult result = ChainVerifier.Verify(chain[0], chain[1..], settings with { Flags = settings.Flags | VerifyFlags.CheckSelfSignedSignature });
        Assert.That(result.Code, Is.Not.Zero);
        PublicKey key = chain[0].PublicKey;

        // The root's own signature and the one it made, then one of the peer's keys.
        Assert.That(KeyOperationCost.Total - before, Is.LessThanOrEqualTo((2 * KeyOperationCost.Curve(256)) + key.ValidationCost + (2 * key.VerificationCost)));
    }

    [Test]
    public void The_work_of_one_verification_is_bounded()
    {
        long cost = PublicKey.Parse(DsaInfo(9999, 256)).VerificationCost;
        var budget = new SignatureBudget();
        int taken = 0;
        while (budget.TryDeduct(cost))
        {
            taken++;
        }

        Assert.That(taken, Is.EqualTo(SignatureBudget.MaximumWork / cost));
        Assert.That(budget.TryDeduct(1), "what is left is left");

        // Nobody's longest chain of ordinary keys meets the bound.
        Assert.That(PublicKey.Parse(MultiPrimeRsa.Info(Odd(16_384), 65537)).VerificationCost * SignatureBudget.MaximumSignatures, Is.LessThanOrEqualTo(SignatureBudget.MaximumWork));
        Assert.That(KeyOperationCost.Curve(571) * 2 * VerificationSettings.DefaultDepthLimit, Is.LessThanOrEqualTo(SignatureBudget.MaximumWork));
    }

    [Test]
    public void A_chain_beyond_the_bound_is_too_long()
    {
        Issued root = (new CertificateSpec { Subject = "CN=root", IsCa = true, Key = TestKey.Named("RSA-2048") }).SelfSign();
        Issued leaf = root.Issue(new CertificateSpec { Subject = "CN=leaf" });
        var budget = new SignatureBudget();
        Assert.That(budget.TryDeduct(SignatureBudget.MaximumWork - root.Certificate.PublicKey.VerificationCost + 1));
        Assert.That(ChainVerifier.Verify(leaf.Certificate, [], Settings(root), budget).Code, Is.EqualTo(VerifyCode.ChainTooLong));
        Assert.That(ChainVerifier.Verify(leaf.Certificate, [], Settings(root)).Code, Is.Zero);
    }

    [Test]
    public void Hundreds_of_keys_that_nobody_reads_are_asked_once_each()
    {
        // Every unreadable certificate is a candidate for the issuer at every step of the chain.
        byte[] unreadable = Der.Sequence(Der.Sequence(Der.Oid(Dsa)), Der.Bits(0, 1));
        TestKey key = TestKey.Named("P-256");
        CertificateSpec spec = new() { Subject = "CN=same", IsCa = true, Key = key };
        Certificate[] bad = [.. Enumerable.Range(0, 300).Select(_ => CertificateSpec.Make(spec with { Key = key.WithPublicKey(unreadable) }, "CN=same", key, null).Certificate)];
        Certificate[] good = [.. Enumerable.Range(0, 90).Select(_ => CertificateSpec.Make(spec, "CN=same", key, null).Certificate)];
        int thrown = 0;
        void Count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs arguments) => thrown++;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            ChainVerifier.Verify(good[0], [.. bad, .. good[1..]], Settings(new CertificateSpec { Subject = "CN=root", IsCa = true }.SelfSign()));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.That(thrown, Is.LessThan(10 * bad.Length));
    }

    // As many certificates as a message holds, each issued by the next one, and the last by a trusted root; that signature is good if asked for.
    private static (Certificate[] Chain, VerificationSettings Settings) Chain(string kind, bool signed)
    {
        (string algorithm, Func<byte[]> make) = Hostile[kind];
        Issued root = new CertificateSpec { Subject = "CN=root", IsCa = true }.SelfSign();
        TestKey writer = TestKey.Named("P-256");
        var chain = new List<Certificate>();
        int length = 0;
        for (int index = 0; chain.Count < VerificationSettings.DefaultDepthLimit; index++)
        {
            TestKey key = writer.WithPublicKey(make());
            var spec = new CertificateSpec { Subject = $"CN={index}", IsCa = index > 0, Key = key, Algorithm = algorithm };
            Certificate one = CertificateSpec.Make(spec, $"CN={index + 1}", writer, null).Certificate;
            length += one.Encoded.Length;
            if (length > MessageLength)
            {
                break;
            }

            chain.Add(one);
        }

        if (signed)
        {
            var top = new CertificateSpec { Subject = $"CN={chain.Count - 1}", IsCa = true, Key = writer.WithPublicKey(make()) };
            chain[^1] = root.Issue(top).Certificate;
        }

        return ([.. chain], Settings(root));
    }

    private static VerificationSettings Settings(Issued root)
    {
        var store = new TrustStore();
        store.Add(root.Certificate);
        return new VerificationSettings { Store = store, Now = Authority.Now };
    }

    private static BigInteger Odd(int bits)
    {
        var bytes = new byte[(bits + 7) / 8];
        Source.NextBytes(bytes);
        var number = new BigInteger(bytes, isUnsigned: true);
        return (number & ((BigInteger.One << bits) - 1)) | (BigInteger.One << (bits - 1)) | BigInteger.One;
    }

    private static byte[] DsaInfo(int bits, int orderBits)
    {
        BigInteger p = Odd(bits);
        return Der.Sequence(
            Der.Sequence(Der.Oid(Dsa), Der.Sequence(Number(p), Number(Odd(orderBits)), Number(Odd(bits - 1)))),
            Der.Bits(0, Number(Odd(bits - 2))));
    }

    private static byte[] Compressed(string curve, int size)
    {
        byte[] x = new byte[size];
        Source.NextBytes(x);
        x[0] = 0;
        return Der.Sequence(Der.Sequence(Der.Oid(EcPublicKeyType), Der.Oid(curve)), Der.Bits(0, [2, .. x]));
    }

    // Parameters of X9.62 with a field of 8,192 bits.
    private static byte[] Explicit()
    {
        byte[] number = Number(Odd(8192));
        byte[] parameters = Der.Sequence(Der.Integer(1), Der.Sequence(Der.Oid("1.2.840.10045.1.1"), number), Der.Sequence(Der.Octets(number), Der.Octets(number)), Der.Octets([2, .. number]), number);
        return Der.Sequence(Der.Sequence(Der.Oid(EcPublicKeyType), parameters), Der.Bits(0, [2, .. number]));
    }

    private static byte[] Number(BigInteger number)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(number);
        return writer.Encode();
    }
}
