using System.Security.Cryptography;
using Org.BouncyCastle.Tls.Crypto;

namespace SslModule.Engine.Crypto;

/// <summary>BouncyCastle's hash numbers on .NET's native hashes.</summary>
internal static class HashAlgorithms
{
    /// <summary>True when <paramref name="algorithm"/> is one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512.</summary>
    public static bool IsNative(int algorithm) => algorithm is CryptoHashAlgorithm.md5 or CryptoHashAlgorithm.sha1
        or CryptoHashAlgorithm.sha256 or CryptoHashAlgorithm.sha384 or CryptoHashAlgorithm.sha512;

    /// <summary>Hashes in one call.</summary>
    public static byte[] Hash(int algorithm, ReadOnlySpan<byte> data) => algorithm switch
    {
        CryptoHashAlgorithm.md5 => MD5.HashData(data),
        CryptoHashAlgorithm.sha1 => SHA1.HashData(data),
        CryptoHashAlgorithm.sha256 => SHA256.HashData(data),
        CryptoHashAlgorithm.sha384 => SHA384.HashData(data),
        CryptoHashAlgorithm.sha512 => SHA512.HashData(data),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>HMAC in one call; <paramref name="destination"/> holds the whole digest.</summary>
    public static int Hmac(int algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination) => algorithm switch
    {
        CryptoHashAlgorithm.sha256 => HMACSHA256.HashData(key, data, destination),
        CryptoHashAlgorithm.sha384 => HMACSHA384.HashData(key, data, destination),
        CryptoHashAlgorithm.sha512 => HMACSHA512.HashData(key, data, destination),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
