using System.Numerics;
using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Certificates;

namespace SslModule.Engine.Tests.Certificates.Keys;

/// <summary>The operations with keys that take the place of our own where the cryptography must be the platform's.</summary>
[TestFixture]
public class PlatformVerificationTests
{
    [TestCase(512)]
    [TestCase(1024)]
    [TestCase(2048)]
    public void RsaOperationsAreEachOthersInverse(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        RSAParameters key = rsa.ExportParameters(includePrivateParameters: true);
        BigInteger modulus = Number(key.Modulus!), exponent = Number(key.Exponent!);
        int size = bits / 8;
        foreach (BigInteger value in (BigInteger[])[0, 1, 2, 3, 255, BigInteger.One << (bits - 9), modulus - 1, modulus - 2, Number(RandomNumberGenerator.GetBytes(size)) % modulus])
        {
            byte[] block = RsaPadding.Fixed(value, size);
            byte[] signature = BouncyCastleRsa.PrivateOperation(key, block, size);
            Assert.That(Number(signature), Is.EqualTo(BigInteger.ModPow(value, Number(key.D!), modulus)));
            Assert.That(signature, Has.Length.EqualTo(size));
            Assert.That(BouncyCastleRsa.PublicOperation(modulus, exponent, size, signature), Is.EqualTo(block));
            Assert.That(new RsaPublicOperation(modulus, exponent, size).Apply(signature), Is.EqualTo(block));
        }

        Assert.That(BouncyCastleRsa.PublicOperation(modulus, exponent, size, key.Modulus!), Is.Empty);
    }

    [Test]
    public void DsaIsJudgedAlike()
    {
        using DSA dsa = DSA.Create(1024);
        DSAParameters numbers = dsa.ExportParameters(includePrivateParameters: false);
        var group = new DsaGroup(Number(numbers.P!), Number(numbers.Q!), Number(numbers.G!));
        BigInteger y = Number(numbers.Y!);
        var key = new DsaPublicKey(y, group);
        byte[] hash = RandomNumberGenerator.GetBytes(20);
        byte[] signature = dsa.CreateSignature(hash, DSASignatureFormat.Rfc3279DerSequence);
        Same(hash, signature, true);
        byte[] other = [.. hash];
        other[0] ^= 1;
        Same(other, signature, false);
        byte[] damaged = [.. signature];
        damaged[^1] ^= 1;
        Same(hash, damaged, false);

        void Same(byte[] value, byte[] candidate, bool expected)
        {
            Assert.That(key.VerifyHash(HashAlgorithmName.SHA1, value, candidate), Is.EqualTo(expected));
            Assert.That(DsaVerification.Verify(y, group, value, candidate), Is.EqualTo(expected));
            Assert.That(DsaVerification.ByBouncyCastle(y, group, value, candidate), Is.EqualTo(expected));
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
