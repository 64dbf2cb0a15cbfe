using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Digests;
using SslModule.Engine.Crypto.MlKem;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>ML-KEM-768 against NIST's vectors (ACVP), Wycheproof's and C2SP's.</summary>
public class MlKemVectorTests
{
    private static readonly string[][] Lines =
        [.. TestData.Text("ml-kem-768.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(' '))];

    [OneTimeSetUp]
    public void NeedsTheProcessor()
    {
        if (!MlKem768.IsSupported)
        {
            Assert.Ignore("this processor has no AVX2");
        }
    }

    [Test]
    public void GeneratesKeys()
    {
        foreach (string[] fields in Only("keygen", 25))
        {
            (DecapsulationKey key, byte[] encapsulationKey) = MlKemKeys.Generate(Convert.FromHexString(fields[1]));
            Assert.That(Hash(encapsulationKey), Is.EqualTo(fields[2]));
            Assert.That(Hash(MlKemKeys.Write(key, encapsulationKey)), Is.EqualTo(fields[3]));
        }
    }

    [Test]
    public void Encapsulates()
    {
        foreach (string[] fields in Only("encaps", 16))
        {
            (byte[] ciphertext, byte[] secret) = MlKemKeys.Encapsulate(Convert.FromBase64String(fields[2]), Convert.FromHexString(fields[1]));
            Assert.That((Hash(ciphertext), Convert.ToHexStringLower(secret)), Is.EqualTo((fields[3], fields[4])));
        }
    }

    [Test]
    public void Decapsulates()
    {
        byte[] key = Convert.FromBase64String(Only("key", 1).Single()[1]);
        foreach (string[] fields in Only("decaps", 10))
        {
            Assert.That(Convert.ToHexStringLower(MlKemKeys.Read(key).Decapsulate(Convert.FromBase64String(fields[1]))), Is.EqualTo(fields[2]));
        }
    }

    /// <summary>Odd matrices, messages and ciphertexts; one that a comparison up to a zero byte takes for its own.</summary>
    [Test]
    public void DecapsulatesWithKeysOfSeeds()
    {
        foreach (string[] fields in Only("opens", 13))
        {
            DecapsulationKey key = MlKemKeys.Generate(Convert.FromHexString(fields[1])).Key;
            Assert.That(Convert.ToHexStringLower(key.Decapsulate(Convert.FromBase64String(fields[2]))), Is.EqualTo(fields[3]));
        }
    }

    /// <summary>C2SP's accumulated vectors: ten thousand keys, encapsulations and rejected ciphertexts of one stream, and one hash of it all (as of FIPS 203, whose keys depend on the rank; the draft's had another).</summary>
    [Test]
    public void PassesTenThousand()
    {
        var source = new ShakeDigest(128);
        var results = new ShakeDigest(128);
        byte[] seed = new byte[DecapsulationKey.SeedLength];
        byte[] message = new byte[MlKem768.RandomLength];
        byte[] noCiphertext = new byte[MlKem768.CiphertextLength];
        for (int round = 0; round < 10_000; round++)
        {
            source.Output(seed);
            source.Output(message);
            source.Output(noCiphertext);
            (DecapsulationKey key, byte[] encapsulationKey) = MlKemKeys.Generate(seed);
            byte[] decapsulationKey = MlKemKeys.Write(key, encapsulationKey);
            (byte[] ciphertext, byte[] secret) = MlKemKeys.Encapsulate(encapsulationKey, message);
            Assert.That(key.Decapsulate(ciphertext).AsSpan().SequenceEqual(secret));
            results.BlockUpdate(encapsulationKey);
            results.BlockUpdate(decapsulationKey);
            results.BlockUpdate(ciphertext);
            results.BlockUpdate(secret);
            results.BlockUpdate(MlKemKeys.Read(decapsulationKey).Decapsulate(noCiphertext));
        }

        byte[] digest = new byte[32];
        results.OutputFinal(digest);
        Assert.That(Convert.ToHexStringLower(digest), Is.EqualTo("f959d18d3d1180121433bf0e05f11e7908cf9d03edc150b2b07cb90bef5bc1c1"));
    }

    private static IReadOnlyList<string[]> Only(string kind, int count)
    {
        string[][] lines = [.. Lines.Where(fields => fields[0] == kind)];
        Assert.That(lines, Has.Length.EqualTo(count));
        return lines;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
