using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Utilities;
using SslModule.Engine.Platform;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Crypto;

/// <summary>The hashes of TLS by their codes in RFC 5246 section 7.4.1.4.1, on .NET's native implementations.</summary>
internal static class HashAlgorithms
{
    // The hashes' block lengths (SHA-384 and SHA-512 use the longer), and the data length up to which an HMAC input is copied.
    private const int ShortestBlock = 64;
    private const int LongestBlock = 128;
    private const int LongestAtOnce = 512;

    /// <summary>The length of a digest in bytes.</summary>
    public static int Length(int algorithm) => algorithm switch
    {
        HashAlgorithm.md5 => MD5.HashSizeInBytes,
        HashAlgorithm.sha1 => SHA1.HashSizeInBytes,
        HashAlgorithm.sha256 => SHA256.HashSizeInBytes,
        HashAlgorithm.sha384 => SHA384.HashSizeInBytes,
        HashAlgorithm.sha512 => SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Creates an incremental hash that can be copied; .NET's own cannot before .NET 10.</summary>
    public static IDigest Begin(int algorithm) => algorithm switch
    {
        HashAlgorithm.sha256 or HashAlgorithm.sha384 when PlatformCryptography.IsOnly && PlatformDigest.IsSupported => PlatformDigest.Begin(NameOf(algorithm)),
        HashAlgorithm.sha256 => new Sha256Digest(),
        HashAlgorithm.sha384 => new Sha384Digest(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Copies an incremental hash.</summary>
    public static IDigest Copy(IDigest hash) => (IDigest)((IMemoable)hash).Copy();

    /// <summary>Hashes data in one call.</summary>
    public static byte[] Hash(int algorithm, ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Length(algorithm)];
        Hash(algorithm, data, digest);
        return digest;
    }

    /// <summary>Hashes data in one call.</summary>
    /// <returns>The digest length in bytes; <paramref name="digest"/> must be at least that long.</returns>
    public static int Hash(int algorithm, ReadOnlySpan<byte> data, Span<byte> digest) => algorithm switch
    {
        HashAlgorithm.md5 => MD5.HashData(data, digest),
        HashAlgorithm.sha1 => SHA1.HashData(data, digest),
        HashAlgorithm.sha256 => SHA256.HashData(data, digest),
        HashAlgorithm.sha384 => SHA384.HashData(data, digest),
        HashAlgorithm.sha512 => SHA512.HashData(data, digest),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Maps a hash code to .NET's hash name.</summary>
    public static HashAlgorithmName NameOf(int algorithm) => algorithm switch
    {
        HashAlgorithm.md5 => HashAlgorithmName.MD5,
        HashAlgorithm.sha1 => HashAlgorithmName.SHA1,
        HashAlgorithm.sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.sha384 => HashAlgorithmName.SHA384,
        HashAlgorithm.sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Computes HMAC (RFC 2104) in one call; <paramref name="destination"/> receives the whole digest.</summary>
    /// <remarks>Two hash calls are faster than .NET's HMAC, which creates a native key and context for each call.</remarks>
    [SkipLocalsInit]
    public static void Hmac(int algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        int block = algorithm is HashAlgorithm.sha384 or HashAlgorithm.sha512 ? LongestBlock : ShortestBlock;
        if (PlatformCryptography.IsOnly || key.Length > block || data.Length > LongestAtOnce)
        {
            HmacNative(algorithm, key, data, destination);
            return;
        }

        Span<byte> inner = stackalloc byte[LongestBlock + LongestAtOnce];
        Span<byte> outer = stackalloc byte[LongestBlock + SHA512.HashSizeInBytes];
        key.CopyTo(inner);
        inner[key.Length..block].Clear();
        Pad(inner[..block], outer);
        data.CopyTo(inner[block..]);
        int length = Hash(algorithm, inner[..(block + data.Length)], outer[block..]);
        Hash(algorithm, outer[..(block + length)], destination);
        CryptographicOperations.ZeroMemory(inner[..(block + data.Length)]);
        CryptographicOperations.ZeroMemory(outer[..(block + length)]);
    }

    /// <summary>Derives the inner and outer HMAC keys; the inner one replaces its input.</summary>
    private static void Pad(Span<byte> key, Span<byte> outer)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(key);
        Span<ulong> others = MemoryMarshal.Cast<byte, ulong>(outer);
        for (int i = 0; i < words.Length; i++)
        {
            others[i] = words[i] ^ 0x5C5C_5C5C_5C5C_5C5C;
            words[i] ^= 0x3636_3636_3636_3636;
        }
    }

    private static int HmacNative(int algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination) => algorithm switch
    {
        HashAlgorithm.md5 => HMACMD5.HashData(key, data, destination),
        HashAlgorithm.sha1 => HMACSHA1.HashData(key, data, destination),
        HashAlgorithm.sha256 => HMACSHA256.HashData(key, data, destination),
        HashAlgorithm.sha384 => HMACSHA384.HashData(key, data, destination),
        HashAlgorithm.sha512 => HMACSHA512.HashData(key, data, destination),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
