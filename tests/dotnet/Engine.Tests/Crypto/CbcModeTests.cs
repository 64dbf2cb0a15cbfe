using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Engines;
using SslModule.Engine.Crypto;
using SslModule.Engine.Crypto.Cbc;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>CBC mode against NIST's vectors (SP 800-38A appendix F.2) and .NET's.</summary>
[TestFixture]
internal sealed class CbcModeTests
{
    private const string Vector = "000102030405060708090a0b0c0d0e0f";
    private const string Text = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
    private const string Key128 = "2b7e151628aed2a6abf7158809cf4f3c";
    private const string Key256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
    private const string Sealed128 = "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7";
    private const string Sealed256 = "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b";

    [TestCase(Key128, Sealed128)]
    [TestCase(Key256, Sealed256)]
    public void AgreesWithTheStandard(string key, string expected)
    {
        foreach (CbcMode chain in Chains(Convert.FromHexString(key)))
        {
            using (chain)
            {
                byte[] text = Convert.FromHexString(Text);
                byte[] vector = Convert.FromHexString(Vector);
                chain.Encrypt(vector, text, text);
                Assert.That(Convert.ToHexStringLower(text), Is.EqualTo(expected));
                Assert.That(vector, Is.EqualTo(text[^16..]), "the next record of TLS 1.0 goes on from there");
                vector = Convert.FromHexString(Vector);
                chain.Decrypt(vector, text, text);
                Assert.That(Convert.ToHexStringLower(text), Is.EqualTo(Text));
                Assert.That(Convert.ToHexStringLower(vector), Is.EqualTo(expected[^32..]));
            }
        }
    }

    [Test]
    public void AgreesWithThePlatformAtEveryLength([Values(16, 32)] int keyLength)
    {
        var random = new Random(keyLength);
        byte[] key = new byte[keyLength];
        for (int blocks = 0; blocks < 70; blocks++)
        {
            random.NextBytes(key);
            byte[] vector = new byte[16];
            byte[] text = new byte[16 * blocks];
            random.NextBytes(vector);
            random.NextBytes(text);
            using var aes = System.Security.Cryptography.Aes.Create();
            aes.Key = key;
            byte[] expected = aes.EncryptCbc(text, vector, PaddingMode.None);
            foreach (CbcMode chain in Chains(key))
            {
                using (chain)
                {
                    Check(chain, vector, text, expected);
                }
            }
        }
    }

    [Test]
    public void TakesShorterBlocks()
    {
        byte[] key = Convert.FromHexString("0123456789abcdef23456789abcdef01456789abcdef0123");
        byte[] vector = Convert.FromHexString("f69f2445df4f9b17");
        byte[] text = Convert.FromHexString(Text);
        using var platform = TripleDES.Create();
        platform.Key = key;
        foreach (CbcMode chain in new CbcMode[] { new ManagedCbc(() => new DesEdeEngine(), key, key), new PlatformCbc(TripleDES.Create, key, key) })
        {
            using (chain)
            {
                Assert.That(chain.BlockLength, Is.EqualTo(8));
                Check(chain, vector, text, platform.EncryptCbc(text, vector, PaddingMode.None));
            }
        }
    }

    // The peer's keys are others than ours.
    [Test]
    public void KeepsTheDirectionsApart()
    {
        foreach (CbcMode chain in Chains(Convert.FromHexString(Key128), new byte[16]))
        {
            using (chain)
            {
                byte[] text = Convert.FromHexString(Text);
                chain.Encrypt(Convert.FromHexString(Vector), text, text);
                Assert.That(Convert.ToHexStringLower(text), Is.EqualTo(Sealed128));
                chain.Decrypt(Convert.FromHexString(Vector), text, text);
                Assert.That(Convert.ToHexStringLower(text), Is.Not.EqualTo(Text));
            }
        }
    }

    private static IEnumerable<CbcMode> Chains(byte[] key) => Chains(key, key);

    private static IEnumerable<CbcMode> Chains(byte[] writeKey, byte[] readKey)
    {
        yield return new ManagedCbc(() => new AesEngine(), writeKey, readKey);
        yield return new PlatformCbc(System.Security.Cryptography.Aes.Create, writeKey, readKey);
        if (AesKeySchedule.IsSupported)
        {
            yield return new HardwareAesCbc(writeKey, readKey);
        }
    }

    private static void Check(CbcMode chain, byte[] vector, byte[] text, byte[] expected)
    {
        byte[] output = new byte[text.Length];
        chain.Encrypt((byte[])vector.Clone(), text, output);
        Assert.That(output, Is.EqualTo(expected));
        byte[] inPlace = (byte[])text.Clone();
        chain.Encrypt((byte[])vector.Clone(), inPlace, inPlace);
        Assert.That(inPlace, Is.EqualTo(expected));
        chain.Decrypt((byte[])vector.Clone(), output, output);
        Assert.That(output, Is.EqualTo(text));
        byte[] elsewhere = new byte[text.Length];
        chain.Decrypt((byte[])vector.Clone(), expected, elsewhere);
        Assert.That(elsewhere, Is.EqualTo(text));
    }
}
