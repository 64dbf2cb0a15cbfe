using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace SslModule.Engine.Certificates;

/// <summary>The encodings of RFC 8017 section 9 for digests that .NET's RSA does not support.</summary>
internal static class RsaPadding
{
    private const int MinimumPadding = 8;

    /// <summary>True when .NET's RSA supports the digest on all platforms.</summary>
    public static bool IsNative(HashAlgorithmName hash) => hash.Name is "MD5" or "SHA1" or "SHA256" or "SHA384" or "SHA512";

    /// <summary>The DigestInfo prefix in DER; empty for the MD5 and SHA-1 concatenation; null for an unknown digest.</summary>
    public static byte[]? DigestInfoPrefix(HashAlgorithmName? hash) => hash?.Name switch
    {
        null => [],
        "MD5" => Prefix("2A864886F70D0205", 16),
        "SHA1" => Prefix("2B0E03021A", 20),
        "SHA224" => Prefix("608648016503040204", 28),
        "SHA256" => Prefix("608648016503040201", 32),
        "SHA384" => Prefix("608648016503040202", 48),
        "SHA512" => Prefix("608648016503040203", 64),
        "SHA3-224" => Prefix("608648016503040207", 28),
        "SHA3-256" => Prefix("608648016503040208", 32),
        "SHA3-384" => Prefix("608648016503040209", 48),
        "SHA3-512" => Prefix("60864801650304020A", 64),
        _ => null,
    };

    /// <summary>EMSA-PKCS1-v1_5 (section 9.2): encodes a digest for signing.</summary>
    public static byte[]? Pkcs1(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> hash, int size)
    {
        int padding = size - 3 - prefix.Length - hash.Length;
        if (padding < MinimumPadding)
        {
            return null;
        }

        var block = new byte[size];
        block[1] = 1;
        block.AsSpan(2, padding).Fill(0xFF);
        prefix.CopyTo(block.AsSpan(3 + padding));
        hash.CopyTo(block.AsSpan(3 + padding + prefix.Length));
        return block;
    }

    /// <summary>True when <paramref name="block"/> equals the expected encoding. The encoding is built and compared instead of parsed.</summary>
    public static bool IsPkcs1(ReadOnlySpan<byte> block, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> hash)
        => Pkcs1(prefix, hash, block.Length) is { } expected && CryptographicOperations.FixedTimeEquals(block, expected);

    /// <summary>EMSA-PSS-VERIFY (section 9.1.2).</summary>
    public static bool IsPss(ReadOnlySpan<byte> block, int modulusBits, PssParameters parameters, ReadOnlySpan<byte> hash)
    {
        int encodedBits = modulusBits - 1;
        int size = (encodedBits + 7) / 8;
        if (block.Length < size || (block.Length > size && block[0] != 0))
        {
            return false;
        }

        block = block[^size..];
        int maskLength = size - hash.Length - 1;

        // The salt length comes from the certificate: check that it fits before using it in arithmetic.
        int separator = maskLength - 1 - parameters.SaltLength;
        if (parameters.SaltLength < 0 || separator < 0 || block[^1] != 0xBC)
        {
            return false;
        }

        ReadOnlySpan<byte> seed = block.Slice(maskLength, hash.Length);
        byte topMask = (byte)(0xFF >> ((8 * size) - encodedBits));
        if ((block[0] & ~topMask) != 0)
        {
            return false;
        }

        byte[] data = Mask(parameters.MgfHash, seed, maskLength);
        for (int index = 0; index < maskLength; index++)
        {
            data[index] ^= block[index];
        }

        data[0] &= topMask;
        if (data.AsSpan(0, separator).ContainsAnyExcept((byte)0) || data[separator] != 1)
        {
            return false;
        }

        byte[] message = [0, 0, 0, 0, 0, 0, 0, 0, .. hash, .. data.AsSpan(separator + 1)];
        return CryptographicOperations.FixedTimeEquals(HashNames.HashData(parameters.Hash, message), seed);
    }

    /// <summary>Encodes a number as <paramref name="size"/> bytes, big-endian.</summary>
    public static byte[] Fixed(BigInteger value, int size)
    {
        // Into its place at once: a second array would keep what may be a secret.
        var bytes = new byte[size];
        value.TryWriteBytes(bytes.AsSpan(size - value.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    // MGF1 (appendix B.2.1).
    private static byte[] Mask(HashAlgorithmName hash, ReadOnlySpan<byte> seed, int length)
    {
        var mask = new byte[length];
        byte[] input = [.. seed, 0, 0, 0, 0];
        for (int at = 0, counter = 0; at < length; counter++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(seed.Length), counter);
            byte[] block = HashNames.HashData(hash, input);
            int take = Math.Min(block.Length, length - at);
            block.AsSpan(0, take).CopyTo(mask.AsSpan(at));
            at += take;
        }

        return mask;
    }

    private static byte[] Prefix(string oid, int hashLength)
    {
        byte[] identifier = Convert.FromHexString(oid);
        byte[] algorithm = [0x06, (byte)identifier.Length, .. identifier, 0x05, 0x00];
        return [0x30, (byte)(algorithm.Length + 4 + hashLength), 0x30, (byte)algorithm.Length, .. algorithm, 0x04, (byte)hashLength];
    }
}
