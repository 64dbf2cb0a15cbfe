using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using SslModule.Engine.Crypto;

namespace SslModule.Engine.Certificates;

/// <summary>
/// Parses the privateKey field of PKCS #8 in the forms that OpenSSL reads: the seed, the expanded key or both (RFC 9881 section 6),
/// and those of older programs: either one without a tag, and the expanded key followed by the public key.
/// </summary>
internal static class MlDsaKeyReader
{
    /// <summary>Parses a key; throws when it is malformed or its parts contradict each other.</summary>
    public static MlDsaPrivateKey Read(KeyKind kind, AlgorithmIdentifier algorithm, ReadOnlyMemory<byte> field)
    {
        if (algorithm.Parameters is not null)
        {
            throw new AsnContentException();
        }

        MlDsaSet set = MlDsaSet.Of(kind);
        Parts parts = field.Length == MlDsaSet.SeedSize ? new Parts(field.ToArray(), null)
            : field.Length == set.PrivateKeySize ? new Parts(null, field.ToArray())
            : ReadTagged(field);
        try
        {
            return new MlDsaPrivateKey(kind, Key(set, parts));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parts.Seed);
            CryptographicOperations.ZeroMemory(parts.Expanded);
        }
    }

    private static Parts ReadTagged(ReadOnlyMemory<byte> field)
    {
        AsnReader outer = Asn1.Reader(field);
        Parts parts;
        if (Asn1.NextIs(outer, 0))
        {
            parts = new Parts(outer.ReadOctetString(Asn1.Context(0)), null);
        }
        else if (outer.PeekTag() == Asn1Tag.Sequence)
        {
            AsnReader both = outer.ReadSequence();
            parts = new Parts(both.ReadOctetString(), both.ReadOctetString());
            both.ThrowIfNotEmpty();
        }
        else
        {
            parts = new Parts(null, outer.ReadOctetString());
        }

        outer.ThrowIfNotEmpty();
        return parts;
    }

    private static MLDsaPrivateKeyParameters Key(MlDsaSet set, Parts parts)
    {
        if (parts.Seed is null)
        {
            return FromExpanded(set, parts.Expanded);
        }

        if (parts.Seed.Length != MlDsaSet.SeedSize)
        {
            throw new AsnContentException();
        }

        var key = MLDsaPrivateKeyParameters.FromSeed(set.Parameters, parts.Seed);
        return parts.Expanded is null || CryptographicOperations.FixedTimeEquals(key.GetEncoded(), parts.Expanded) ? key : throw new AsnContentException();
    }

    private static MLDsaPrivateKeyParameters FromExpanded(MlDsaSet set, ReadOnlySpan<byte> encoded)
    {
        // Like OpenSSL, do not read the public key behind it.
        if (encoded.Length != set.PrivateKeySize && encoded.Length != set.PrivateKeySize + set.PublicKeySize)
        {
            throw new AsnContentException();
        }

        byte[] expanded = encoded[..set.PrivateKeySize].ToArray();
        try
        {
            var key = MLDsaPrivateKeyParameters.FromEncoding(set.Parameters, expanded);
            bool good = PlatformCryptography.IsOnly
                ? ExpandedKeyCheck.HasShortVectors(set, expanded, key.GetPublicKeyEncoded()) && TrialSignatures.AreValid(set, key)
                : ExpandedKeyCheck.IsConsistent(set, expanded, key.GetPublicKeyEncoded());
            return good ? key : throw new AsnContentException();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }

    private readonly record struct Parts(byte[]? Seed, byte[]? Expanded);
}
