using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Utilities;
using HashAlgorithm = SslModule.Engine.Wire.HashAlgorithm;

namespace SslModule.Engine.Crypto;

/// <summary>The hashes of TLS, by their numbers of RFC 5246 section 7.4.1.4.1, on .NET's native ones.</summary>
internal static class HashAlgorithms
{
    // What the hashes take in at a time, SHA-384 and SHA-512 the more; and the data up to which a copy of it is no matter.
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

    /// <summary>A hash that takes its data in pieces and can be copied, which .NET's own cannot before .NET 10.</summary>
    public static IDigest Begin(int algorithm) => algorithm switch
    {
        HashAlgorithm.sha256 => new Sha256Digest(),
        HashAlgorithm.sha384 => new Sha384Digest(),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>A copy of such a hash, to go on with by itself.</summary>
    public static IDigest Copy(IDigest hash) => (IDigest)((IMemoable)hash).Copy();

    /// <summary>Hashes in one call.</summary>
    public static byte[] Hash(int algorithm, ReadOnlySpan<byte> data)
    {
        byte[] digest = new byte[Length(algorithm)];
        Hash(algorithm, data, digest);
        return digest;
    }

    /// <summary>Hashes in one call.</summary>
    /// <returns>The length of the digest, for which <paramref name="digest"/> has room.</returns>
    public static int Hash(int algorithm, ReadOnlySpan<byte> data, Span<byte> digest) => algorithm switch
    {
        HashAlgorithm.md5 => MD5.HashData(data, digest),
        HashAlgorithm.sha1 => SHA1.HashData(data, digest),
        HashAlgorithm.sha256 => SHA256.HashData(data, digest),
        HashAlgorithm.sha384 => SHA384.HashData(data, digest),
        HashAlgorithm.sha512 => SHA512.HashData(data, digest),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>.NET's name of a hash.</summary>
    public static HashAlgorithmName NameOf(int algorithm) => algorithm switch
    {
        HashAlgorithm.md5 => HashAlgorithmName.MD5,
        HashAlgorithm.sha1 => HashAlgorithmName.SHA1,
        HashAlgorithm.sha256 => HashAlgorithmName.SHA256,
        HashAlgorithm.sha384 => HashAlgorithmName.SHA384,
        HashAlgorithm.sha512 => HashAlgorithmName.SHA512,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>HMAC (RFC 2104) in one call; <paramref name="destination"/> holds the whole digest.</summary>
    /// <remarks>Two hashes cost less than .NET's HMAC, which makes a key and a context of the native library's for each call.</remarks>
    [SkipLocalsInit]
    public static void Hmac(int algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        int block = algorithm is HashAlgorithm.sha384 or HashAlgorithm.sha512 ? LongestBlock : ShortestBlock;
        if (key.Length > block || data.Length > LongestAtOnce)
        {
            HmacOfMore(algorithm, key, data, destination);
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

    /// <summary>Makes the inner key of what is one, and the outer key.</summary>
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

    private static int HmacOfMore(int algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> destination) => algorithm switch
    {
        HashAlgorithm.md5 => HMACMD5.HashData(key, data, destination),
        HashAlgorithm.sha1 => HMACSHA1.HashData(key, data, destination),
        HashAlgorithm.sha256 => HMACSHA256.HashData(key, data, destination),
        HashAlgorithm.sha384 => HMACSHA384.HashData(key, data, destination),
        HashAlgorithm.sha512 => HMACSHA512.HashData(key, data, destination),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
