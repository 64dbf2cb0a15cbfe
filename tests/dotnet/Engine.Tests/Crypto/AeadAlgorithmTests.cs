using NUnit.Framework;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Modes;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>Each algorithm of the record layer, and what takes its place where the platform lacks it.</summary>
[TestFixture]
internal sealed class AeadAlgorithmTests
{
    public delegate AeadAlgorithm Maker(ReadOnlySpan<byte> key);

    private static readonly byte[] Nonce = [.. Enumerable.Range(1, AeadAlgorithm.NonceLength).Select(i => (byte)i)];

    private static IEnumerable<TestCaseData> Pairs()
    {
        yield return Pair("AES-128-GCM", 16, AeadAlgorithm.AesGcm, key => new PlatformAead.Gcm(key));
        yield return Pair("AES-256-GCM", 32, AeadAlgorithm.AesGcm, key => new PlatformAead.Gcm(key));
        yield return Pair("AES-128-GCM and BouncyCastle's", 16, AeadAlgorithm.AesGcm, ManagedGcm);
        yield return Pair("AES-256-GCM and BouncyCastle's", 32, AeadAlgorithm.AesGcm, ManagedGcm);
        yield return Pair("AES-128-CCM", 16, AeadAlgorithm.AesCcm, key => new ManagedAead(key, 16, () => new CcmBlockCipher(new AesEngine())));
        yield return Pair("AES-256-CCM-8", 32, AeadAlgorithm.AesCcm8, key => new ManagedAead(key, 8, () => new CcmBlockCipher(new AesEngine())));
        yield return Pair("ChaCha20-Poly1305", 32, AeadAlgorithm.ChaCha20Poly1305, key => new ManagedAead(key, 16, () => new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305()));
    }

    [TestCaseSource(nameof(Pairs))]
    public void AgreesWithItsSubstitute(int keyLength, Maker maker, Maker substitute)
    {
        byte[] key = [.. Enumerable.Range(0, keyLength).Select(i => (byte)(i * 7))];
        using AeadAlgorithm one = maker(key);
        using AeadAlgorithm other = substitute(key);
        Assert.That(one.TagLength, Is.EqualTo(other.TagLength));
        foreach (int length in new[] { 0, 1, 16, 100, 5000 })
        {
            byte[] text = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            byte[] data = [1, 2, 3, 4, 5];
            (byte[] Text, byte[] Tag) first = Seal(one, text, data);
            Assert.That(Seal(other, text, data), Is.EqualTo(first));
            foreach (AeadAlgorithm opener in new[] { one, other })
            {
                byte[] opened = new byte[length];
                Assert.That(opener.TryDecrypt(Nonce, first.Text, first.Tag, opened, data));
                Assert.That(opened, Is.EqualTo(text));
                first.Tag[0] ^= 1;
                Assert.That(opener.TryDecrypt(Nonce, first.Text, first.Tag, opened, data), Is.False);
                first.Tag[0] ^= 1;
            }
        }
    }

    // The one that is neither the engine's nor the platform's: where the engine has none, as on Arm, the platform's is compared with it.
    private static ManagedAead ManagedGcm(ReadOnlySpan<byte> key) => new(key, 16, () => new GcmBlockCipher(new AesEngine()));

    private static (byte[] Text, byte[] Tag) Seal(AeadAlgorithm algorithm, byte[] text, byte[] data)
    {
        byte[] output = [.. text];
        byte[] tag = new byte[algorithm.TagLength];
        algorithm.Encrypt(Nonce, output, output, tag, data);
        return (output, tag);
    }

    private static TestCaseData Pair(string name, int keyLength, Maker maker, Maker substitute)
        => new TestCaseData(keyLength, maker, substitute).SetArgDisplayNames(name);
}
