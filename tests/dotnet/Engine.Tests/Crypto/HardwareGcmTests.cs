using System.Security.Cryptography;
using NUnit.Framework;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>The engine's own AES-GCM against NIST's vectors and .NET's.</summary>
[TestFixture]
internal sealed class HardwareGcmTests
{
    private const int TagLength = 16;
    private const int NonceLength = 12;

    // The test cases of McGrew and Viega's specification, which NIST's validation system took over, with nonces of 12 bytes.
    private const string LongKey = "feffe9928665731c6d6a8f9467308308";
    private const string LongNonce = "cafebabefacedbaddecaf888";
    private const string LongText = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    private const string LongData = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    private const string Zero16 = "00000000000000000000000000000000";
    private const string Zero12 = "000000000000000000000000";

    [OneTimeSetUp]
    public void NeedsTheInstructions()
    {
        if (!HardwareGcm.IsSupported)
        {
            Assert.Ignore("this processor has no AES and PCLMULQDQ instructions");
        }
    }

    [TestCase(Zero16, Zero12, "", "", "", "58e2fccefa7e3061367f1d57a4e7455a")]
    [TestCase(Zero16, Zero12, Zero16, "", "0388dace60b6a392f328c2b971b2fe78", "ab6e47d42cec13bdf53a67b21257bddf")]
    [TestCase(LongKey, LongNonce, LongText, LongData, "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091", "5bc94fbc3221a5db94fae95ae7121a47")]
    [TestCase(Zero16 + Zero16, Zero12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b")]
    [TestCase(Zero16 + Zero16, Zero12, Zero16, "", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919")]
    [TestCase(LongKey + LongKey, LongNonce, LongText, LongData, "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662", "76fc6ece0f4e1768cddf8853bb2d551b")]
    public void AgreesWithTheSpecification(string key, string nonce, string plaintext, string associatedData, string ciphertext, string tag)
    {
        using var gcm = new HardwareGcm(Convert.FromHexString(key));
        byte[] text = Convert.FromHexString(plaintext);
        byte[] sealedText = new byte[text.Length];
        byte[] sealedTag = new byte[TagLength];
        gcm.Encrypt(Convert.FromHexString(nonce), text, sealedText, sealedTag, Convert.FromHexString(associatedData));
        Assert.That((Convert.ToHexStringLower(sealedText), Convert.ToHexStringLower(sealedTag)), Is.EqualTo((ciphertext, tag)));
        byte[] opened = new byte[text.Length];
        Assert.That(gcm.TryDecrypt(Convert.FromHexString(nonce), sealedText, sealedTag, opened, Convert.FromHexString(associatedData)));
        Assert.That(opened, Is.EqualTo(text));
    }

    [Test]
    public void AgreesWithThePlatformAtEveryLength([Values(16, 32)] int keyLength)
    {
        var random = new Random(keyLength);
        for (int length = 0; length < 1500; length++)
        {
            Compare(random, keyLength, length, length % 20);
        }

        for (int i = 0; i < 1000; i++)
        {
            Compare(random, keyLength, random.Next(1 << 14) + 1500, random.Next(40));
        }
    }

    [Test]
    public void OpensNothingThatWasChanged([Values(16, 32)] int keyLength, [Values(0, 1, 15, 16, 17, 127, 128, 129, 300)] int length)
    {
        var random = new Random(length);
        byte[] nonce = Bytes(random, NonceLength);
        byte[] data = Bytes(random, 13);
        byte[] tag = new byte[TagLength];
        byte[] ciphertext = Bytes(random, length);
        using var gcm = new HardwareGcm(Bytes(random, keyLength));
        gcm.Encrypt(nonce, ciphertext, ciphertext, tag, data);
        byte[] untouched = Bytes(random, length);
        byte[] room = [.. untouched];
        foreach (byte[] part in new[] { nonce, data, tag, ciphertext })
        {
            for (int bit = 0; bit < part.Length * 8; bit++)
            {
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                bool opened = gcm.TryDecrypt(nonce, ciphertext, tag, room, data);
                part[bit / 8] ^= (byte)(1 << (bit % 8));
                if (opened || !room.AsSpan().SequenceEqual(untouched))
                {
                    Assert.Fail($"bit {bit} of {part.Length} bytes was changed, and the text was {(opened ? "opened" : "released")}");
                }
            }
        }

        Assert.That(gcm.TryDecrypt(nonce, ciphertext, tag, room, data));
    }

    [Test]
    public void RefusesTagsThatAreCutShort()
    {
        using var gcm = new HardwareGcm(new byte[16]);
        byte[] tag = new byte[TagLength];
        byte[] text = new byte[5];
        gcm.Encrypt(new byte[NonceLength], text, text, tag, []);
        Assert.That(gcm.TryDecrypt(new byte[NonceLength], text, tag.AsSpan(0, 12), text, []), Is.False);
        Assert.That(gcm.TryDecrypt(new byte[NonceLength], text, [], text, []), Is.False);
    }

    [Test]
    public void WritesNothingBeyondItsText()
    {
        using var gcm = new HardwareGcm(new byte[32]);
        for (int length = 0; length < 300; length++)
        {
            byte[] room = new byte[length + 200];
            byte[] tag = new byte[TagLength];
            gcm.Encrypt(new byte[NonceLength], room.AsSpan(100, length), room.AsSpan(100, length), tag, []);
            Assert.That(room.AsSpan(0, 100).ContainsAnyExcept((byte)0) || room.AsSpan(100 + length).ContainsAnyExcept((byte)0), Is.False);
        }
    }

    [Test]
    public void LongTextsMayGoToThePlatform([Values(16, 32)] int keyLength)
    {
        byte[] key = Bytes(new Random(keyLength), keyLength);
        using var mixed = new HardwareGcm(key) { Longest = 100 };
        using var own = new HardwareGcm(key) { Longest = int.MaxValue };
        foreach (int length in new[] { 100, 101, 20_000 })
        {
            byte[] sealedText = new byte[length];
            byte[] tag = new byte[TagLength];
            byte[] opened = new byte[length];
            mixed.Encrypt(new byte[NonceLength], sealedText, sealedText, tag, [1]);
            Assert.That(own.TryDecrypt(new byte[NonceLength], sealedText, tag, opened, [1]));
            Assert.That(mixed.TryDecrypt(new byte[NonceLength], sealedText, tag, opened, [1]));
            Assert.That(opened, Is.All.Zero);
            tag[0] ^= 1;
            Assert.That(mixed.TryDecrypt(new byte[NonceLength], sealedText, tag, opened, [1]), Is.False);
        }
    }

    [Test]
    public void IsWhatConnectionsUse()
    {
        using AeadAlgorithm used = AeadAlgorithm.AesGcm(new byte[16]);
        Assert.That(used, PlatformCryptography.IsOnly ? Is.TypeOf<PlatformAead.Gcm>() : Is.TypeOf<HardwareGcm>());
    }

    private static void Compare(Random random, int keyLength, int length, int dataLength)
    {
        byte[] key = Bytes(random, keyLength);
        byte[] nonce = Bytes(random, NonceLength);
        byte[] data = Bytes(random, dataLength);
        byte[] text = Bytes(random, length);
        using var platform = new AesGcm(key, TagLength);
        using var gcm = new HardwareGcm(key) { Longest = int.MaxValue };
        byte[] expected = new byte[length];
        byte[] expectedTag = new byte[TagLength];
        platform.Encrypt(nonce, text, expected, expectedTag, data);
        byte[] inPlace = [.. text];
        byte[] tag = new byte[TagLength];
        gcm.Encrypt(nonce, inPlace, inPlace, tag, data);
        byte[] opened = new byte[length];
        bool right = gcm.TryDecrypt(nonce, inPlace, tag, opened, data);
        if (!right || !inPlace.AsSpan().SequenceEqual(expected) || !tag.AsSpan().SequenceEqual(expectedTag) || !opened.AsSpan().SequenceEqual(text))
        {
            Assert.Fail($"{length} bytes under a key of {keyLength} differ");
        }

        Assert.That(gcm.TryDecrypt(nonce, inPlace, tag, inPlace, data));
        Assert.That(inPlace, Is.EqualTo(text));
        if (length > 0)
        {
            byte[] inner = new byte[length];
            gcm.EncryptInner(nonce, text.AsSpan(0, length - 1), (ContentType)text[^1], inner, tag, data);
            Assert.That((inner, tag), Is.EqualTo((expected, expectedTag)));
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
