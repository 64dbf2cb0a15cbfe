using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;
using SslModule.Engine.Crypto;
using SslModule.Engine.Oids;
using SslModule.Engine.Tests.Certificates.Chains;
using PublicKey = SslModule.Engine.Certificates.PublicKey;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>Signatures judged by our own RSA operation and by .NET's: the same verdict, above all on forged ones.</summary>
[TestFixture]
public class RsaVerificationTests
{
    private const int Sha256Size = 32;

    // Sizes around those of the limbs.
    private static readonly int[] Sizes = [512, 520, 1024, 1032, 1080, 2048, 3072, 4096];

    private readonly Random _random = new(9);

    [TestCaseSource(nameof(Sizes))]
    public void The_operation_is_the_power(int bits)
    {
        for (int round = 0; round < 5000 / Math.Max(bits / 64, 50); round++)
        {
            var bytes = new byte[bits / 8];
            _random.NextBytes(bytes);
            bytes[0] |= 0x80;
            bytes[^1] |= 1;
            if (round % 4 == 0)
            {
                // Limbs of ones carry the most.
                bytes.AsSpan(0, bytes.Length - 1).Fill(0xFF);
            }

            BigInteger modulus = Number(bytes);
            BigInteger exponent = round % 3 == 0 ? 65537 : round % 3 == 1 ? 3 : _random.Next() | 3;
            var operation = new RsaPublicOperation(modulus, exponent, bytes.Length);
            BigInteger[] bases = [0, 1, 2, modulus - 1, modulus - 2, modulus >> 1, BigInteger.One << (bits - 64), Number(RandomNumberGenerator.GetBytes(bytes.Length)) % modulus];
            foreach (BigInteger value in bases)
            {
                Assert.That(Number(operation.Apply(RsaPadding.Fixed(value, bytes.Length))), Is.EqualTo(BigInteger.ModPow(value, exponent, modulus)));
            }

            Assert.That(operation.Apply(bytes), Is.Empty, "the modulus itself");
            Assert.That(operation.Apply([.. Enumerable.Repeat((byte)0xFF, bytes.Length)]), Is.Empty.Or.Length.EqualTo(bytes.Length));
        }
    }

    [TestCase(1023)]
    [TestCase(1025)]
    [TestCase(2047)]
    [TestCase(384)]
    public void Moduli_of_odd_sizes_verify(int bits)
    {
        var key = new MultiPrimeRsa(bits);
        byte[] data = [1, 2, 3];
        if (bits < 520)
        {
            // There is no room for the padding of SHA-256, and nothing of this size is imported.
            Assert.That(PublicKey.Parse(key.PublicKeyInfo).VerifyHash(HashAlgorithmName.SHA256, SHA256.HashData(data), new byte[bits / 8]), Is.False);
            return;
        }

        byte[] signature = key.Sign(data);
        PublicKey ours = PublicKey.Parse(key.PublicKeyInfo);
        for (int use = 0; use < 10; use++)
        {
            Assert.That(ours.VerifyHash(HashAlgorithmName.SHA256, SHA256.HashData(data), signature));
            Assert.That(ours.VerifyHash(HashAlgorithmName.SHA256, SHA256.HashData([4]), signature), Is.False);
        }
    }

    [TestCase(1024)]
    [TestCase(2048)]
    public void Forged_PKCS1_paddings_are_judged_as_NET_judges_them(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        byte[] hash = RandomNumberGenerator.GetBytes(Sha256Size);
        byte[] prefix = RsaPadding.DigestInfoPrefix(HashAlgorithmName.SHA256)!;
        byte[] good = RsaPadding.Pkcs1(prefix, hash, bits / 8)!;
        Assert.That(Judge(rsa, hash, good, RSASignaturePadding.Pkcs1), Is.True);
        byte[] withoutNull = [0x30, 0x2F, 0x30, 0x0B, .. prefix.AsSpan(4, 11), 0x04, 0x20];
        foreach (byte[] forged in (byte[][])
            [
                Block(8, [.. prefix, .. hash], trailing: true), // Bleichenbacher's forgery of 2006: what stands behind the digest is free.
                Block(8, [.. prefix, .. hash, .. new byte[16]], trailing: true),
                RsaPadding.Pkcs1(withoutNull, hash, bits / 8)!,
                RsaPadding.Pkcs1([], hash, bits / 8)!,
                RsaPadding.Pkcs1(RsaPadding.DigestInfoPrefix(HashAlgorithmName.SHA384)!, hash, bits / 8)!,
                RsaPadding.Pkcs1([0x30, 0x81, .. prefix.AsSpan(1)], hash, bits / 8)!,
                RsaPadding.Pkcs1(prefix, [.. hash, 0], bits / 8)!,
                [0, 2, .. good.AsSpan(2)], [1, .. good.AsSpan(1)], [0, 0, .. good.AsSpan(2)], [0, 1, 0, .. good.AsSpan(3)], [0, 1, 0xFE, .. good.AsSpan(3)],
                new byte[bits / 8], [.. new byte[(bits / 8) - 1], 1],
            ])
        {
            Assert.That(Judge(rsa, hash, forged, RSASignaturePadding.Pkcs1), Is.False, Convert.ToHexString(forged));
        }

        for (int round = 0; round < Rounds(bits); round++)
        {
            byte[] damaged = (byte[])good.Clone();
            damaged[_random.Next(1, damaged.Length)] ^= (byte)(1 << _random.Next(8));
            Assert.That(Judge(rsa, hash, damaged, RSASignaturePadding.Pkcs1), Is.False);
        }

        byte[] Block(int padding, byte[] content, bool trailing)
        {
            var block = new byte[bits / 8];
            block[1] = 1;
            block.AsSpan(2, padding).Fill(0xFF);
            content.CopyTo(block, 3 + padding);
            if (trailing)
            {
                _random.NextBytes(block.AsSpan(3 + padding + content.Length));
            }

            return block;
        }
    }

    [TestCase(1024)]
    [TestCase(2048)]
    [TestCase(1032)]
    public void Forged_PSS_paddings_are_judged_as_NET_judges_them(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        byte[] hash = RandomNumberGenerator.GetBytes(Sha256Size);
        byte[] good = Public(rsa, rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        Assert.That(Judge(rsa, hash, good, RSASignaturePadding.Pss), Is.True);
        int refused = 0;
        for (int round = 0; round < Rounds(bits); round++)
        {
            byte[] damaged = (byte[])good.Clone();
            int at = round < 40 ? 0 : round < 80 ? damaged.Length - 1 : _random.Next(damaged.Length);
            damaged[at] ^= (byte)(1 << _random.Next(8));
            refused += Judge(rsa, hash, damaged, RSASignaturePadding.Pss) ? 0 : 1;
        }

        Assert.That(refused, Is.EqualTo(Rounds(bits)));
    }

    [TestCase(1024)]
    [TestCase(2048)]
    public void Damaged_signatures_are_judged_as_NET_judges_them(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        byte[] info = rsa.ExportSubjectPublicKeyInfo();
        byte[] hash = RandomNumberGenerator.GetBytes(Sha256Size);
        byte[] modulus = rsa.ExportParameters(false).Modulus!;
        foreach (RSASignaturePadding padding in (RSASignaturePadding[])[RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss])
        {
            byte[] signature = rsa.SignHash(hash, HashAlgorithmName.SHA256, padding);
            for (int round = 0; round < 500; round++)
            {
                byte[] damaged = (byte[])signature.Clone();
                damaged[_random.Next(damaged.Length)] ^= (byte)(round % 10 == 0 ? 0 : 1 << _random.Next(8));
                Same(damaged);
            }

            // The same number in another spelling is another signature.
            BigInteger larger = Number(signature) + Number(modulus);
            byte[][] others = [[0, .. signature], signature[1..], [], [.. signature, 0], modulus, new byte[modulus.Length], [.. Enumerable.Repeat((byte)0xFF, modulus.Length)],
                larger.GetBitLength() <= bits ? RsaPadding.Fixed(larger, bits / 8) : modulus];
            foreach (byte[] other in others)
            {
                Same(other);
            }

            void Same(byte[] candidate)
            {
                bool theirs = candidate.Length == modulus.Length && rsa.VerifyHash(hash, candidate, HashAlgorithmName.SHA256, padding);
                Assert.That(PublicKey.Parse(info).VerifyHash(HashAlgorithmName.SHA256, hash, candidate, padding == RSASignaturePadding.Pss), Is.EqualTo(theirs), Convert.ToHexString(candidate));
            }
        }
    }

    [Test]
    public void A_key_in_long_use_says_the_same_as_at_first()
    {
        using RSA rsa = RSA.Create(2048);
        PublicKey key = PublicKey.Parse(rsa.ExportSubjectPublicKeyInfo());
        byte[] hash = RandomNumberGenerator.GetBytes(Sha256Size);
        byte[] signature = rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), other = rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        Parallel.For(0, 64, _ =>
        {
            Assert.That(key.VerifyHash(HashAlgorithmName.SHA256, hash, signature));
            Assert.That(key.VerifyHash(HashAlgorithmName.SHA256, hash, other, pss: true));
            Assert.That(key.VerifyHash(HashAlgorithmName.SHA256, hash, other), Is.False);
            Assert.That(key.VerifyHash(HashAlgorithmName.SHA384, new byte[48], signature), Is.False);
        });
    }

    [TestCase(KnownOids.P256)]
    [TestCase(KnownOids.P384)]
    [TestCase(KnownOids.P521)]
    public void Points_are_on_their_curve_or_refused(string oid)
    {
        for (int round = 0; round < 20; round++)
        {
            using ECDsa ec = ECDsa.Create(ECCurve.CreateFromValue(oid));
            ECPoint point = ec.ExportParameters(false).Q;
            byte[] encoded = [4, .. point.X!, .. point.Y!];
            Assert.That(WeierstrassCurve.Find(oid).IsOnCurve(encoded));
            for (int change = 0; change < 50; change++)
            {
                byte[] other = (byte[])encoded.Clone();
                other[_random.Next(1, other.Length)] ^= (byte)(1 << _random.Next(8));
                Assert.That(WeierstrassCurve.Find(oid).IsOnCurve(other), Is.False);
            }
        }

        int size = (EcCurves.NativeBits(oid)!.Value + 7) / 8;
        Assert.That(WeierstrassCurve.Find(oid).IsOnCurve([4, .. new byte[2 * size]]), Is.False);
        Assert.That(WeierstrassCurve.Find(oid).IsOnCurve([4, .. Enumerable.Repeat((byte)0xFF, 2 * size)]), Is.False);
    }

    [TestCase("1.2.840.10045.3.1.7")]
    [TestCase("1.3.132.0.10")]
    public void A_key_without_a_point_is_malformed(string oid)
        => Assert.Throws<AsnContentException>(() => EcPublicKey.Create(oid, []));

    // .NET has no faster private operation for a block of one's own than a power of large numbers.
    private static int Rounds(int bits) => 100_000 / bits;

    // Our verdict on the signature whose block this is, which .NET's must equal.
    private static bool Judge(RSA rsa, byte[] hash, byte[] block, RSASignaturePadding padding)
    {
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: true);
        BigInteger value = Number(block);
        BigInteger modulus = Number(key.Modulus!);
        if (value >= modulus)
        {
            // No signature has such a block.
            return false;
        }

        byte[] signature = RsaPadding.Fixed(BigInteger.ModPow(value, Number(key.D!), modulus), key.Modulus!.Length);
        bool ours = PublicKey.Parse(rsa.ExportSubjectPublicKeyInfo()).VerifyHash(HashAlgorithmName.SHA256, hash, signature, padding == RSASignaturePadding.Pss);
        Assert.That(rsa.VerifyHash(hash, signature, HashAlgorithmName.SHA256, padding), Is.EqualTo(ours), Convert.ToHexString(block));
        return ours;
    }

    private static byte[] Public(RSA rsa, byte[] signature)
    {
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: false);
        return RsaPadding.Fixed(BigInteger.ModPow(Number(signature), Number(key.Exponent!), Number(key.Modulus!)), signature.Length);
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
