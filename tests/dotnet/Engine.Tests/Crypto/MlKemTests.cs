using NUnit.Framework;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>ML-KEM-768: what it refuses, what it rejects in silence, and BouncyCastle's at the other end.</summary>
public class MlKemTests
{
    private const int Coefficients = PolynomialVector.Rank * Polynomial.Length;

    // A collection of the oldest generation empties the shared pool, and whoever rents next refills it.
    private const int Tries = 5;

    [OneTimeSetUp]
    public void NeedsTheProcessor()
    {
        if (!MlKem768.IsSupported)
        {
            Assert.Ignore("this processor has no AVX2");
        }
    }

    /// <summary>FIPS 203 section 7.2, the modulus check: every place, the least and the greatest number that is too large.</summary>
    [Test]
    public void RefusesKeysWithNumbersTooLarge([Values(Modular.Q, Modular.Q + 1, 4095)] int number)
    {
        byte[] key = MlKemKeys.Generate(Bytes(new Random(1), DecapsulationKey.SeedLength)).Encoding;
        byte[] ciphertext = new byte[MlKem768.CiphertextLength];
        byte[] secret = new byte[MlKem768.SecretLength];
        for (int place = 0; place < Coefficients; place++)
        {
            byte[] changed = [.. key];
            Set(changed, place, number);
            Assert.That(MlKem768.TryEncapsulate(changed, new byte[32], ciphertext, secret), Is.False, $"at {place}");
            Set(changed, place, Modular.Q - 1);
            Assert.That(MlKem768.TryEncapsulate(changed, new byte[32], new byte[MlKem768.CiphertextLength], new byte[MlKem768.SecretLength]), $"at {place}");
        }

        Assert.That(ciphertext.Concat(secret), Is.All.Zero, "nothing is written");
    }

    [TestCase(0)]
    [TestCase(32)]
    [TestCase(MlKem768.EncapsulationKeyLength - 1)]
    [TestCase(MlKem768.EncapsulationKeyLength + 1)]
    [TestCase(1568, Description = "ML-KEM-1024's")]
    public void RefusesKeysOfOtherLengths(int length)
        => Assert.That(MlKem768.TryEncapsulate(new byte[length], new byte[32], new byte[MlKem768.CiphertextLength], new byte[32]), Is.False);

    [TestCase(0)]
    [TestCase(MlKem768.CiphertextLength - 1)]
    [TestCase(MlKem768.CiphertextLength + 1)]
    [TestCase(1568, Description = "ML-KEM-1024's")]
    public void RefusesCiphertextsOfOtherLengths(int length)
    {
        DecapsulationKey key = MlKemKeys.Generate(new byte[DecapsulationKey.SeedLength]).Key;
        byte[] secret = new byte[32];
        Assert.That(key.TryDecapsulate(new byte[length], secret), Is.False);
        Assert.That(secret, Is.All.Zero);
    }

    /// <summary>One bit changed anywhere gives another secret, which the ciphertext and z decide (FIPS 203 algorithm 18).</summary>
    [Test]
    public void RejectsChangedCiphertexts()
    {
        var random = new Random(2);
        byte[] seed = Bytes(random, DecapsulationKey.SeedLength);
        byte[] encapsulationKey = MlKemKeys.Generate(seed).Encoding;
        (byte[] ciphertext, byte[] secret) = MlKemKeys.Encapsulate(encapsulationKey, Bytes(random, 32));
        byte[] otherRejection = [.. seed];
        otherRejection[^1] ^= 1;
        for (int place = 0; place < MlKem768.CiphertextLength; place++)
        {
            byte[] changed = [.. ciphertext];
            changed[place] ^= (byte)(1 << (place % 8));
            byte[] rejected = MlKemKeys.Generate(seed).Key.Decapsulate(changed);
            byte[] expected = Shake256([.. seed.AsSpan(32), .. changed]);
            Assert.That(rejected, Is.EqualTo(expected).And.Not.EqualTo(secret), $"at {place}");
            Assert.That(MlKemKeys.Generate(otherRejection).Key.Decapsulate(changed), Is.Not.EqualTo(rejected));
            Assert.That(MlKemKeys.Generate(otherRejection).Key.Decapsulate(ciphertext), Is.EqualTo(secret));
        }
    }

    [Test]
    public void KeyServesOnce()
    {
        (DecapsulationKey key, byte[] encapsulationKey) = MlKemKeys.Generate(new byte[DecapsulationKey.SeedLength]);
        byte[] ciphertext = MlKemKeys.Encapsulate(encapsulationKey, new byte[32]).Ciphertext;
        key.Decapsulate(ciphertext);
        Assert.Throws<ObjectDisposedException>(() => key.Decapsulate(ciphertext));
    }

    [Test]
    public void EqualsBouncyCastles()
    {
        var random = new Random(3);
        var parameters = MLKemParameters.ml_kem_768;
        byte[] theirCiphertext = new byte[MlKem768.CiphertextLength];
        byte[] theirSecret = new byte[MlKem768.SecretLength];
        for (int round = 0; round < 2000; round++)
        {
            byte[] seed = Bytes(random, DecapsulationKey.SeedLength);
            (DecapsulationKey key, byte[] encapsulationKey) = MlKemKeys.Generate(seed);
            var theirs = MLKemPrivateKeyParameters.FromSeed(parameters, seed);
            Assert.That(theirs.GetPublicKeyEncoded().AsSpan().SequenceEqual(encapsulationKey));

            // They encapsulate for us.
            var encapsulator = new MLKemEncapsulator(parameters);
            encapsulator.Init(MLKemPublicKeyParameters.FromEncoding(parameters, encapsulationKey));
            encapsulator.Encapsulate(theirCiphertext, theirSecret);
            Assert.That(key.Decapsulate(theirCiphertext).AsSpan().SequenceEqual(theirSecret));

            // We encapsulate for them; then a ciphertext that both reject.
            (byte[] ciphertext, byte[] secret) = MlKemKeys.Encapsulate(encapsulationKey, Bytes(random, 32));
            var decapsulator = new MLKemDecapsulator(parameters);
            decapsulator.Init(theirs);
            decapsulator.Decapsulate(ciphertext, theirSecret);
            Assert.That(secret.AsSpan().SequenceEqual(theirSecret));
            byte[] none = round % 2 == 0 ? Bytes(random, MlKem768.CiphertextLength) : ciphertext;
            none[random.Next(none.Length)] ^= (byte)(1 << random.Next(8));
            decapsulator.Decapsulate(none, theirSecret);
            Assert.That(MlKemKeys.Generate(seed).Key.Decapsulate(none).AsSpan().SequenceEqual(theirSecret));
        }
    }

    /// <summary>The key's memory goes back to its pool, and everything else lies on the stack.</summary>
    [Test]
    public void AllocatesNothingButTheKeyObject()
    {
        byte[] seed = Bytes(new Random(4), DecapsulationKey.SeedLength);
        byte[] encapsulationKey = new byte[MlKem768.EncapsulationKeyLength];
        byte[] ciphertext = new byte[MlKem768.CiphertextLength];
        byte[] secret = new byte[MlKem768.SecretLength];
        const int Rounds = 100;
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < Rounds; round++)
            {
                var key = DecapsulationKey.Generate(seed, encapsulationKey);
                MlKem768.TryEncapsulate(encapsulationKey, seed.AsSpan(0, 32), ciphertext, secret);
                key.TryDecapsulate(ciphertext, secret);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.LessThanOrEqualTo(Rounds * 32));
    }

    private static byte[] Shake256(byte[] input)
    {
        var digest = new Org.BouncyCastle.Crypto.Digests.ShakeDigest(256);
        digest.BlockUpdate(input);
        byte[] output = new byte[32];
        digest.OutputFinal(output);
        return output;
    }

    /// <summary>Writes a number of twelve bits.</summary>
    private static void Set(byte[] key, int place, int number)
    {
        int at = place / 2 * 3;
        if (place % 2 == 0)
        {
            key[at] = (byte)number;
            key[at + 1] = (byte)((key[at + 1] & 0xF0) | (number >> 8));
        }
        else
        {
            key[at + 1] = (byte)((key[at + 1] & 0x0F) | (number << 4));
            key[at + 2] = (byte)(number >> 4);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
