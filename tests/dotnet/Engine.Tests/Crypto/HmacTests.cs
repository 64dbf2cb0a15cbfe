using System.Security.Cryptography;
using NUnit.Framework;
using Org.BouncyCastle.Tls.Crypto;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Tests.Crypto;

/// <summary>HMAC of two hashes against .NET's, at every length where something changes, and RFC 4231's vectors.</summary>
public class HmacTests
{
    [Test]
    public void EqualsTheSystems([Values(CryptoHashAlgorithm.md5, CryptoHashAlgorithm.sha1, CryptoHashAlgorithm.sha256, CryptoHashAlgorithm.sha384, CryptoHashAlgorithm.sha512)] int algorithm)
    {
        var random = new Random(1);
        foreach (int keyLength in new[] { 0, 1, 31, 32, 33, 48, 63, 64, 65, 127, 128, 129, 300 })
        {
            foreach (int length in new[] { 0, 1, 63, 64, 65, 127, 128, 129, 511, 512, 513, 2000 })
            {
                byte[] key = new byte[keyLength];
                byte[] data = new byte[length];
                random.NextBytes(key);
                random.NextBytes(data);
                byte[] expected = algorithm switch
                {
                    CryptoHashAlgorithm.md5 => HMACMD5.HashData(key, data),
                    CryptoHashAlgorithm.sha1 => HMACSHA1.HashData(key, data),
                    CryptoHashAlgorithm.sha256 => HMACSHA256.HashData(key, data),
                    CryptoHashAlgorithm.sha384 => HMACSHA384.HashData(key, data),
                    _ => HMACSHA512.HashData(key, data),
                };
                Assert.That(Hmac(algorithm, key, data), Is.EqualTo(expected), $"a key of {keyLength} bytes, {length} of data");
            }
        }
    }

    // RFC 4231, test cases 1, 2 and 6.
    [TestCase("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")]
    [TestCase("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")]
    [TestCase(
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")]
    public void AgreesWithTheRfc(string key, string data, string expected)
        => Assert.That(Convert.ToHexStringLower(Hmac(CryptoHashAlgorithm.sha256, Convert.FromHexString(key), Convert.FromHexString(data))), Is.EqualTo(expected));

    private static byte[] Hmac(int algorithm, byte[] key, byte[] data)
    {
        byte[] mac = new byte[TlsCryptoUtilities.GetHashOutputSize(algorithm)];
        HashAlgorithms.Hmac(algorithm, key, data, mac);
        return mac;
    }
}
