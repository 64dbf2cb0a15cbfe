using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Certificates;
using SslModule.Engine.Context;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>ML-DSA keys and signatures, with files that OpenSSL 3.6 wrote (tests/python/certificates.py).</summary>
[TestFixture]
internal sealed class MlDsaTests
{
    private static readonly object[] Sets =
    [
        new object[] { KeyKind.MlDsa44, SignatureScheme.mldsa44, "mldsa-44.pem", 128, 2420 },
        new object[] { KeyKind.MlDsa65, SignatureScheme.mldsa65, "mldsa-65.pem", 192, 3309 },
        new object[] { KeyKind.MlDsa87, SignatureScheme.mldsa87, "mldsa-87.pem", 256, 4627 },
    ];

    [TestCaseSource(nameof(Sets))]
    public void Keys_of_OpenSSL(KeyKind kind, int scheme, string file, int strength, int signatureSize)
    {
        using PrivateKey key = PrivateKey.FromPem(TestData.Text(file));
        Certificate certificate = Read(file);
        Assert.That((key.Kind, certificate.PublicKey.Kind, certificate.PublicKey.SecurityBits), Is.EqualTo((kind, kind, strength)));
        Assert.That(key.Matches(certificate.PublicKey));
        byte[] message = RandomNumberGenerator.GetBytes(100);
        byte[] first = key.Sign(scheme, message), second = key.Sign(scheme, message);
        Assert.That(first, Has.Length.EqualTo(signatureSize));
        Assert.That(first, Is.Not.EqualTo(second), "signatures are hedged");
        Assert.That(certificate.PublicKey.Verify(scheme, message, first) && certificate.PublicKey.Verify(scheme, message, second));
    }

    [TestCaseSource(nameof(Sets))]
    public void Signatures_that_are_refused(KeyKind kind, int scheme, string file, int strength, int signatureSize)
    {
        using PrivateKey key = PrivateKey.FromPem(TestData.Text(file));
        PublicKey other = kind == KeyKind.MlDsa44 ? Read("mldsa-revoked.pem").PublicKey : Read("mldsa-44.pem").PublicKey;
        PublicKey own = Read(file).PublicKey;
        byte[] message = [1, 2, 3];
        byte[] signature = key.Sign(scheme, message);
        foreach (int place in new[] { 0, signatureSize / 2, signatureSize - 1 })
        {
            byte[] altered = [.. signature];
            altered[place] ^= 1;
            Assert.That(own.Verify(scheme, message, altered), Is.False, $"altered at {place}");
        }

        Assert.That(own.Verify(scheme, [1, 2, 4], signature), Is.False);
        Assert.That(own.Verify(scheme, message, signature.AsSpan(1)), Is.False);
        Assert.That(own.Verify(scheme, message, [.. signature, 0]), Is.False);
        Assert.That(own.Verify(scheme, message, []), Is.False);
        Assert.That(own.Verify(scheme ^ 0x0002, message, signature), Is.False, "another scheme");
        Assert.That(other.Verify(scheme, message, signature), Is.False, "another key");
        Assert.That(own.VerifyHash(HashAlgorithmName.SHA256, SHA256.HashData(message), signature), Is.False);
        Assert.Throws<TlsError>(() => key.Sign(SignatureScheme.ed25519, message));
        Assert.Throws<TlsError>(() => key.SignHash(HashAlgorithmName.SHA256, SHA256.HashData(message)));
    }

    [Test]
    public void Certificates_and_lists_of_OpenSSL()
    {
        Certificate root = Read("mldsa-ca.pem");
        foreach (string name in new[] { "mldsa-ca.pem", "mldsa-44.pem", "mldsa-65.pem", "mldsa-87.pem", "mldsa-ec.pem" })
        {
            Certificate certificate = Read(name);
            Assert.That(CertificateSignature.Verify(root.PublicKey, certificate), name);
            byte[] altered = certificate.Encoded.ToArray();
            altered[^1] ^= 1;
            Assert.That(CertificateSignature.Verify(root.PublicKey, Certificate.Parse(altered)), Is.False, name);
        }

        Assert.That(CertificateSignature.Verify(Read("mldsa-44.pem").PublicKey, root), Is.False);
    }

    [Test]
    public void Public_keys_that_are_refused()
    {
        byte[] info = Read("mldsa-65.pem").SubjectPublicKeyInfo.ToArray();
        Assert.That(PublicKey.Parse(info).Kind, Is.EqualTo(KeyKind.MlDsa65));
        int set = info.AsSpan().IndexOf(Convert.FromHexString("6086480165030403")) + 8;
        Assert.That(info[set], Is.EqualTo(0x12));
        foreach (byte another in new byte[] { 0x11, 0x13 })
        {
            info[set] = another;
            Assert.Throws<TlsError>(() => PublicKey.Parse(info), "the key of another set");
        }
    }

    [Test]
    public void Only_in_TLS_1_3([Values(KeyKind.MlDsa44, KeyKind.MlDsa65, KeyKind.MlDsa87)] KeyKind kind)
    {
        using var key = new MlDsaPrivateKey(kind, MLDsaPrivateKeyParameters.FromSeed(MlDsaSet.Of(kind).Parameters, new byte[MlDsaSet.SeedSize]));
        int[] schemes = [SignatureScheme.mldsa44, SignatureScheme.mldsa65, SignatureScheme.mldsa87, SignatureScheme.ed25519, SignatureScheme.rsa_pss_rsae_sha256];
        Assert.That(schemes.Where(scheme => SupportedAlgorithms.Fits(key, scheme, tls13: true)), Is.EqualTo(new[] { schemes[kind - KeyKind.MlDsa44] }));
        Assert.That(schemes.Where(scheme => SupportedAlgorithms.Fits(key, scheme, tls13: false)), Is.Empty);
    }

    [Test]
    public void The_parts_of_an_expanded_key_are_compared([Values(KeyKind.MlDsa44, KeyKind.MlDsa65, KeyKind.MlDsa87)] KeyKind kind)
    {
        MlDsaSet set = MlDsaSet.Of(kind);
        for (byte number = 0; number < 3; number++)
        {
            byte[] seed = new byte[MlDsaSet.SeedSize];
            seed[0] = number;
            var key = MLDsaPrivateKeyParameters.FromSeed(set.Parameters, seed);
            byte[] expanded = key.GetEncoded(), publicKey = key.GetPublicKeyEncoded();
            Assert.That((expanded.Length, publicKey.Length), Is.EqualTo((set.PrivateKeySize, set.PublicKeySize)));
            Assert.That(ExpandedKeyCheck.IsConsistent(set, expanded, publicKey));
            int secondVector = 128 + (32 * set.ShortBits * set.Columns), lowBits = secondVector + (32 * set.ShortBits * set.Rows);
            foreach (int place in new[] { 64, 127, 128, secondVector - 1, secondVector, lowBits - 1, lowBits, expanded.Length - 1 })
            {
                byte[] altered = [.. expanded];
                altered[place] ^= 1;

                // With the public key of the original, so that only the low bits tell.
                Assert.That(ExpandedKeyCheck.IsConsistent(set, altered, publicKey), Is.False, $"altered at {place}");
            }
        }
    }

    /// <summary>What is asked of an expanded key where the cryptography must be the platform's.</summary>
    [Test]
    public void A_key_is_tried_by_signing([Values(KeyKind.MlDsa44, KeyKind.MlDsa65, KeyKind.MlDsa87)] KeyKind kind)
    {
        MlDsaSet set = MlDsaSet.Of(kind);
        var key = MLDsaPrivateKeyParameters.FromSeed(set.Parameters, new byte[MlDsaSet.SeedSize]);
        byte[] expanded = key.GetEncoded(), publicKey = key.GetPublicKeyEncoded();
        Assert.That(ExpandedKeyCheck.HasShortVectors(set, expanded, publicKey));
        Assert.That(TrialSignatures.AreValid(set, key));
        byte[] otherHash = [.. expanded], notShort = [.. expanded], otherLowBits = [.. expanded];
        otherHash[64] ^= 1;
        notShort.AsSpan(128, 8).Fill(0xFF);
        otherLowBits.AsSpan(otherLowBits.Length - 100).Clear();
        Assert.That(ExpandedKeyCheck.HasShortVectors(set, otherHash, publicKey), Is.False);
        Assert.That(ExpandedKeyCheck.HasShortVectors(set, notShort, publicKey), Is.False);
        Assert.That(ExpandedKeyCheck.HasShortVectors(set, otherLowBits, publicKey));
        Assert.That(TrialSignatures.AreValid(set, MLDsaPrivateKeyParameters.FromEncoding(set.Parameters, otherLowBits)), Is.False);
    }

    private static Certificate Read(string file)
    {
        PemBlock block = Pem.Blocks(TestData.Text(file)).Find(candidate => candidate.Label == "CERTIFICATE")!;
        return Certificate.Parse(block.Data);
    }
}
