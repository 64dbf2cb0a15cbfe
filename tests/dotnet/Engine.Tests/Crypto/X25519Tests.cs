using System.Numerics;
using NUnit.Framework;
using SslModule.Engine.Crypto.Curve25519;
using BouncyCastle = Org.BouncyCastle.Math.EC.Rfc7748.X25519;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>X25519 against RFC 7748's vectors, the inputs that catch wrong implementations, and BouncyCastle's.</summary>
public class X25519Tests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    [OneTimeSetUp]
    public void NeedsTheProcessor()
    {
        if (!X25519.IsSupported)
        {
            Assert.Ignore("this processor has no AVX2");
        }
    }

    [TestCaseSource(typeof(X25519Vectors), nameof(X25519Vectors.Agreements))]
    public void AgreesAsTheRfcSays(string scalar, string point, string shared)
        => Assert.That(Agree(Convert.FromHexString(scalar), Convert.FromHexString(point)), Is.EqualTo(Convert.FromHexString(shared)));

    // RFC 7748 section 5.2, after one iteration and after a thousand.
    [TestCase(1, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")]
    [TestCase(1000, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")]
    public void IteratesAsTheRfcSays(int times, string expected)
    {
        byte[] scalar = Number(9);
        byte[] point = Number(9);
        for (int time = 0; time < times; time++)
        {
            byte[] result = Agree(scalar, point)!;
            (scalar, point) = (result, scalar);
        }

        Assert.That(scalar, Is.EqualTo(Convert.FromHexString(expected)));
    }

    // RFC 7748 section 6.1.
    [Test]
    public void ExchangesKeysAsTheRfcSays()
    {
        byte[] alice = Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        byte[] shared = Convert.FromHexString("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        Assert.That(PublicKey(alice), Is.EqualTo(Convert.FromHexString("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")));
        Assert.That(PublicKey(bob), Is.EqualTo(Convert.FromHexString("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")));
        Assert.That(Agree(alice, PublicKey(bob)), Is.EqualTo(shared));
        Assert.That(Agree(bob, PublicKey(alice)), Is.EqualTo(shared));
    }

    /// <summary>The points of small order and their other encodings: nothing secret comes of them.</summary>
    [TestCaseSource(typeof(X25519Vectors), nameof(X25519Vectors.SmallOrder))]
    [TestCase("cdeb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880")]
    [TestCase("4c9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7")]
    [TestCase("d9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [TestCase("daffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [TestCase("dbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void JudgesPointsOfSmallOrder(string point)
    {
        byte[] peer = Convert.FromHexString(point);
        var random = new Random(4);
        for (int round = 0; round < 20; round++)
        {
            byte[] scalar = Bytes(random);
            byte[] secret = new byte[32];
            bool agreed = X25519.TryDeriveSecret(scalar, peer, secret);
            byte[] theirs = new byte[32];
            Assert.That(agreed, Is.EqualTo(BouncyCastle.CalculateAgreement(scalar, 0, peer, 0, theirs, 0)));
            Assert.That(secret, Is.EqualTo(theirs));
        }
    }

    [Test]
    public void RefusesTheZeroSecret([Values(0, 1)] int point)
    {
        byte[] secret = new byte[32];
        Assert.That(X25519.TryDeriveSecret(Bytes(new Random(1)), Number(point), secret), Is.False);
        Assert.That(secret, Is.All.Zero);
    }

    [Test]
    public void IgnoresTheLastBit()
    {
        var random = new Random(2);
        byte[] scalar = Bytes(random);
        byte[] point = Bytes(random);
        byte[] other = [.. point];
        other[31] ^= 0x80;
        Assert.That(Agree(scalar, other), Is.EqualTo(Agree(scalar, point)));
    }

    [Test]
    public void IgnoresTheBitsThatClampingSets()
    {
        var random = new Random(3);
        byte[] scalar = Bytes(random);
        byte[] point = Bytes(random);
        byte[] other = [.. scalar];
        other[0] ^= 7;
        other[31] ^= 0x80;
        Assert.That(Agree(other, point), Is.EqualTo(Agree(scalar, point)));
        Assert.That(PublicKey(other), Is.EqualTo(PublicKey(scalar)));
    }

    /// <summary>A coordinate that is not below the prime means what it is modulo the prime (RFC 7748 section 5).</summary>
    [Test]
    public void ReducesCoordinates()
    {
        byte[] scalar = Bytes(new Random(5));
        for (int above = 2; above < 19; above++)
        {
            Assert.That(Agree(scalar, Encoded(Prime + above)), Is.EqualTo(Agree(scalar, Number(above))));
        }
    }

    /// <summary>Limbs full of ones and of zeros, where a carry is lost most easily.</summary>
    [Test]
    public void CarriesEverywhere()
    {
        var numbers = new List<byte[]> { Encoded(Prime - 1), Encoded(Prime - 2), Encoded((Prime - 1) / 2), Encoded(BigInteger.Pow(2, 255) - 1), Number(2), Number(9) };
        for (int bit = 1; bit < 255; bit += 3)
        {
            numbers.Add(Encoded(BigInteger.Pow(2, bit)));
            numbers.Add(Encoded(BigInteger.Pow(2, bit) - 1));
            numbers.Add(Encoded(Prime - BigInteger.Pow(2, bit)));
        }

        byte[] ones = [.. Enumerable.Repeat((byte)0xFF, 32)];
        foreach (byte[] number in numbers)
        {
            CheckAgainstBouncyCastle(ones, number);
            CheckAgainstBouncyCastle(new byte[32], number);
            CheckAgainstBouncyCastle(number, Number(9));
            CheckAgainstBouncyCastle(number, number);
        }
    }

    /// <summary>Random coordinates: half of them lie on the twist.</summary>
    [Test]
    public void EqualsBouncyCastles()
    {
        var random = new Random(6);
        for (int round = 0; round < 4000; round++)
        {
            CheckAgainstBouncyCastle(Bytes(random), Bytes(random));
        }
    }

    [Test]
    public void BothEndsAgree()
    {
        var random = new Random(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] one = Bytes(random);
            byte[] other = Bytes(random);
            Assert.That(Agree(one, PublicKey(other)), Is.EqualTo(Agree(other, PublicKey(one))));
        }
    }

    private static void CheckAgainstBouncyCastle(byte[] scalar, byte[] point)
    {
        byte[] theirs = new byte[32];
        bool agreed = BouncyCastle.CalculateAgreement(scalar, 0, point, 0, theirs, 0);
        byte[] ours = new byte[32];
        Assert.That((X25519.TryDeriveSecret(scalar, point, ours), Convert.ToHexString(ours)), Is.EqualTo((agreed, Convert.ToHexString(theirs))));
        BouncyCastle.ScalarMultBase(scalar, 0, theirs, 0);
        Assert.That(Convert.ToHexString(PublicKey(scalar)), Is.EqualTo(Convert.ToHexString(theirs)));
    }

    private static byte[]? Agree(byte[] scalar, byte[] point)
    {
        byte[] secret = new byte[32];
        return X25519.TryDeriveSecret(scalar, point, secret) ? secret : null;
    }

    private static byte[] PublicKey(byte[] scalar)
    {
        byte[] key = new byte[32];
        X25519.PublicKey(scalar, key);
        return key;
    }

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Number(int value) => Encoded(value);

    private static byte[] Encoded(BigInteger value)
    {
        byte[] bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }
}
