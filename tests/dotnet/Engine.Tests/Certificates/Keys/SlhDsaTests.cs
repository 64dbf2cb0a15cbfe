using NUnit.Framework;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>SLH-DSA keys and signatures in certificates, with files that OpenSSL 3.6 wrote (tests/python/certificates.py).</summary>
[TestFixture]
internal sealed class SlhDsaTests
{
    // RFC 9909 section 3 and FIPS 205 table 2.
    [TestCase("2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s", 32, 7856)]
    [TestCase("2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f", 32, 17088)]
    [TestCase("2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s", 48, 16224)]
    [TestCase("2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f", 48, 35664)]
    [TestCase("2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s", 64, 29792)]
    [TestCase("2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f", 64, 49856)]
    [TestCase("2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s", 32, 7856)]
    [TestCase("2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f", 32, 17088)]
    [TestCase("2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s", 48, 16224)]
    [TestCase("2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f", 48, 35664)]
    [TestCase("2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s", 64, 29792)]
    [TestCase("2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f", 64, 49856)]
    public void Every_set(string oid, string name, int keySize, int signatureSize)
    {
        SlhDsaSet set = SlhDsaSet.Find(oid)!;
        Assert.That((set.Parameters.Name, set.PublicKeySize, set.SignatureSize, set.SecurityBits), Is.EqualTo((name.ToUpperInvariant(), keySize, signatureSize, 4 * keySize)));
        Assert.That(KeyAlgorithm.Kind(oid), Is.EqualTo(KeyKind.SlhDsa));
    }

    [Test]
    public void A_signature_and_what_is_refused()
    {
        var generator = new SlhDsaKeyPairGenerator();
        generator.Init(new SlhDsaKeyGenerationParameters(new Org.BouncyCastle.Security.SecureRandom(), SlhDsaParameters.slh_dsa_shake_128f));
        Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        var signer = new SlhDsaSigner(SlhDsaParameters.slh_dsa_shake_128f, deterministic: true);
        signer.Init(forSigning: true, pair.Private);
        signer.BlockUpdate([1, 2, 3]);
        byte[] signature = signer.GenerateSignature();
        PublicKey key = PublicKey.Parse(Org.BouncyCastle.X509.SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public).GetDerEncoded());
        Assert.That(key.VerifyMessage([1, 2, 3], signature));
        Assert.That(key.VerifyMessage([1, 2, 4], signature), Is.False);
        Assert.That(key.VerifyMessage([1, 2, 3], signature.AsSpan(1)), Is.False);
        Assert.That(key.VerifyMessage([1, 2, 3], [.. signature, 0]), Is.False);
        signature[^1] ^= 1;
        Assert.That(key.VerifyMessage([1, 2, 3], signature), Is.False);
    }

    [Test]
    public void Certificates_of_OpenSSL()
    {
        Certificate root = Read("slhdsa-ca.pem", 0), middle = Read("slhdsa-chain.pem", 1), leaf = Read("slhdsa-chain.pem", 0);
        Assert.That(CertificateSignature.Verify(root.PublicKey, root));
        Assert.That(CertificateSignature.Verify(root.PublicKey, middle));
        Assert.That(CertificateSignature.Verify(middle.PublicKey, leaf));
        Assert.That(CertificateSignature.Verify(root.PublicKey, leaf), Is.False);
        Assert.That(CertificateSignature.Fits(middle.PublicKey, leaf.SignatureAlgorithm));
        Assert.That(CertificateSignature.Fits(root.PublicKey, leaf.SignatureAlgorithm), Is.False, "another set");
        byte[] altered = leaf.Encoded.ToArray();
        altered[^1] ^= 1;
        Assert.That(CertificateSignature.Verify(middle.PublicKey, Certificate.Parse(altered)), Is.False);
    }

    [Test]
    public void No_private_keys()
        => Assert.Throws<TlsError>(() => PrivateKey.FromPem(TestData.Text("slhdsa-own.pem")));

    private static Certificate Read(string file, int index)
        => Certificate.Parse(Pem.Blocks(TestData.Text(file)).FindAll(block => block.Label == "CERTIFICATE")[index].Data);
}
