using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>The digests of certificate signatures: object identifiers, strengths and computation.</summary>
internal static class HashNames
{
    /// <summary>SHA-224, which .NET does not define.</summary>
    public static readonly HashAlgorithmName Sha224 = new("SHA224");

    /// <summary>SHA-3 with <paramref name="bits"/> bits.</summary>
    public static HashAlgorithmName Sha3(int bits) => new("SHA3-" + bits.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The digest of an object identifier; null when unknown.</summary>
    public static HashAlgorithmName? FromOid(string oid) => oid switch
    {
        KnownOids.Md5 => HashAlgorithmName.MD5,
        KnownOids.Sha1 => HashAlgorithmName.SHA1,
        KnownOids.Sha224 => Sha224,
        KnownOids.Sha256 => HashAlgorithmName.SHA256,
        KnownOids.Sha384 => HashAlgorithmName.SHA384,
        KnownOids.Sha512 => HashAlgorithmName.SHA512,
        "2.16.840.1.101.3.4.2.8" => HashAlgorithmName.SHA3_256,
        "2.16.840.1.101.3.4.2.9" => HashAlgorithmName.SHA3_384,
        "2.16.840.1.101.3.4.2.10" => HashAlgorithmName.SHA3_512,
        _ => null,
    };

    /// <summary>The collision resistance in bits, as in OpenSSL: half the digest length, less for MD5 and SHA-1.</summary>
    public static int SecurityBits(HashAlgorithmName hash) => hash.Name switch
    {
        "MD5" => 39,
        "SHA1" => 63,
        _ => Size(hash) * 4,
    };

    /// <summary>The digest length in bytes.</summary>
    public static int Size(HashAlgorithmName hash) => hash.Name switch
    {
        "MD5" => 16,
        "SHA1" => 20,
        "SHA224" or "SHA3-224" => 28,
        "SHA384" or "SHA3-384" => 48,
        "SHA512" or "SHA3-512" => 64,
        _ => 32,
    };

    /// <summary>Computes the digest of <paramref name="data"/>.</summary>
    public static byte[] HashData(HashAlgorithmName hash, ReadOnlySpan<byte> data) => hash.Name switch
    {
        "MD5" => MD5.HashData(data),
        "SHA1" => SHA1.HashData(data),
        "SHA256" => SHA256.HashData(data),
        "SHA384" => SHA384.HashData(data),
        "SHA512" => SHA512.HashData(data),
        "SHA224" => Digest(new Sha224Digest(), data),
        _ => Digest(new Sha3Digest(Size(hash) * 8), data),
    };

    private static byte[] Digest(IDigest digest, ReadOnlySpan<byte> data)
    {
        digest.BlockUpdate(data);
        var value = new byte[digest.GetDigestSize()];
        digest.DoFinal(value, 0);
        return value;
    }
}
