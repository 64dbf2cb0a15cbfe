using System.Formats.Asn1;
using System.Security.Cryptography;
using SslModule.Engine.Ciphers;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>The signature algorithms of certificates and CRLs (RFC 4055, RFC 5758, RFC 8410, RFC 9881, RFC 9909), and their verification.</summary>
internal static class CertificateSignature
{
    private static readonly Dictionary<string, (KeyKind Kind, HashAlgorithmName? Hash)> Algorithms = new(SlhDsaSet.Oids.Select(oid => KeyValuePair.Create(oid, (Certificates.KeyKind.SlhDsa, (HashAlgorithmName?)null))))
    {
        ["1.2.840.113549.1.1.4"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.MD5),
        ["1.2.840.113549.1.1.5"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA1),
        ["1.3.14.3.2.29"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA1),
        ["1.2.840.113549.1.1.11"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA256),
        ["1.2.840.113549.1.1.12"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA384),
        ["1.2.840.113549.1.1.13"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA512),
        ["1.2.840.113549.1.1.14"] = (Certificates.KeyKind.Rsa, HashNames.Sha224),
        ["2.16.840.1.101.3.4.3.13"] = (Certificates.KeyKind.Rsa, HashNames.Sha3(224)),
        ["2.16.840.1.101.3.4.3.14"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA3_256),
        ["2.16.840.1.101.3.4.3.15"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA3_384),
        ["2.16.840.1.101.3.4.3.16"] = (Certificates.KeyKind.Rsa, HashAlgorithmName.SHA3_512),
        ["1.2.840.10045.4.1"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA1),
        ["1.2.840.10045.4.3.1"] = (Certificates.KeyKind.Ec, HashNames.Sha224),
        ["1.2.840.10045.4.3.2"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA256),
        ["1.2.840.10045.4.3.3"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA384),
        ["1.2.840.10045.4.3.4"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA512),
        ["2.16.840.1.101.3.4.3.10"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA3_256),
        ["2.16.840.1.101.3.4.3.11"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA3_384),
        ["2.16.840.1.101.3.4.3.12"] = (Certificates.KeyKind.Ec, HashAlgorithmName.SHA3_512),
        ["1.2.840.10040.4.3"] = (Certificates.KeyKind.Dsa, HashAlgorithmName.SHA1),
        ["2.16.840.1.101.3.4.3.1"] = (Certificates.KeyKind.Dsa, HashNames.Sha224),
        ["2.16.840.1.101.3.4.3.2"] = (Certificates.KeyKind.Dsa, HashAlgorithmName.SHA256),
        ["2.16.840.1.101.3.4.3.3"] = (Certificates.KeyKind.Dsa, HashAlgorithmName.SHA384),
        ["2.16.840.1.101.3.4.3.4"] = (Certificates.KeyKind.Dsa, HashAlgorithmName.SHA512),
        [KnownOids.Ed25519] = (Certificates.KeyKind.Ed25519, null),
        [KnownOids.Ed448] = (Certificates.KeyKind.Ed448, null),
        [KnownOids.MlDsa44] = (Certificates.KeyKind.MlDsa44, null),
        [KnownOids.MlDsa65] = (Certificates.KeyKind.MlDsa65, null),
        [KnownOids.MlDsa87] = (Certificates.KeyKind.MlDsa87, null),
    };

    /// <summary>The key type of a signature algorithm; null when unknown.</summary>
    public static KeyKind? KeyKind(AlgorithmIdentifier algorithm)
        => algorithm.Oid == KnownOids.RsaPss ? Certificates.KeyKind.RsaPss
            : Algorithms.TryGetValue(algorithm.Oid, out (KeyKind Kind, HashAlgorithmName? Hash) known) ? known.Kind
            : null;

    /// <summary>Whether a key of that type can have made a signature of a known algorithm.</summary>
    public static bool Fits(PublicKey key, AlgorithmIdentifier algorithm)
    {
        KeyKind? needed = KeyKind(algorithm);
        return (key.Kind == needed || (key.Kind == Certificates.KeyKind.Rsa && needed == Certificates.KeyKind.RsaPss))
            && (key is not SlhDsaPublicKey keyOfSet || keyOfSet.Oid == algorithm.Oid);
    }

    /// <summary>The hash of a signature algorithm; null for Ed25519, Ed448, ML-DSA and SLH-DSA, and when unknown.</summary>
    public static HashAlgorithmName? HashOf(AlgorithmIdentifier algorithm)
        => algorithm.Oid == KnownOids.RsaPss ? PssParameters.Read(algorithm)?.Hash
            : Algorithms.TryGetValue(algorithm.Oid, out (KeyKind Kind, HashAlgorithmName? Hash) known) ? known.Hash
            : null;

    /// <summary>The security bits of a signature algorithm; -1 when unknown.</summary>
    public static int SecurityBits(AlgorithmIdentifier algorithm)
    {
        if (algorithm.Oid == KnownOids.RsaPss)
        {
            return PssParameters.Read(algorithm) is { } pss ? HashNames.SecurityBits(pss.Hash) : -1;
        }

        return !Algorithms.TryGetValue(algorithm.Oid, out (KeyKind Kind, HashAlgorithmName? Hash) known) ? -1
            : known.Hash is { } hash ? HashNames.SecurityBits(hash)
            : known.Kind switch
            {
                Certificates.KeyKind.Ed25519 => SecurityLevels.EdwardsSecurityBits(256),
                Certificates.KeyKind.Ed448 => SecurityLevels.EdwardsSecurityBits(456),

                // As OpenSSL: only the issuer's key is held against the level, which is as strong as an ML-DSA or SLH-DSA signature.
                _ => SecurityLevels.MlDsa87SecurityBits,
            };
    }

    /// <summary>True when <paramref name="key"/> verifies the signature <paramref name="bits"/> over <paramref name="data"/>.</summary>
    public static bool Verify(PublicKey key, AlgorithmIdentifier algorithm, ReadOnlySpan<byte> data, BitString bits)
    {
        // A signature is a whole number of bytes in all of these algorithms.
        if (bits.UnusedBits != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> signature = bits.Bytes;
        if (algorithm.Oid == KnownOids.RsaPss)
        {
            return PssParameters.Read(algorithm) is { } pss && key.VerifyPss(pss, data, signature);
        }

        if (!Algorithms.TryGetValue(algorithm.Oid, out (KeyKind Kind, HashAlgorithmName? Hash) known) || !Fits(key, algorithm))
        {
            return false;
        }

        return known.Hash is not { } hash
            ? algorithm.Parameters is null && key.VerifyMessage(data, signature)
            : key.VerifyHash(hash, HashNames.HashData(hash, data), signature);
    }

    /// <summary>True when the issuer's key verifies a certificate's signature and both copies of the algorithm are equal.</summary>
    public static bool Verify(PublicKey key, Certificate certificate)
        => certificate.SignatureAlgorithm.Encoded.Span.SequenceEqual(certificate.InnerSignatureAlgorithm.Encoded.Span)
            && Verify(key, certificate.SignatureAlgorithm, certificate.ToBeSigned.Span, certificate.Signature);

    /// <summary>True when the issuer's key verifies a CRL's signature and both copies of the algorithm are equal.</summary>
    public static bool Verify(PublicKey key, RevocationList list)
        => list.SignatureAlgorithm.Encoded.Span.SequenceEqual(list.InnerSignatureAlgorithm.Encoded.Span)
            && Verify(key, list.SignatureAlgorithm, list.ToBeSigned.Span, list.Signature);
}

/// <summary>The parameters of RSASSA-PSS (RFC 4055 section 3.1).</summary>
internal sealed record PssParameters(HashAlgorithmName Hash, HashAlgorithmName MgfHash, int SaltLength)
{
    /// <summary>Parses the parameters; null when they are malformed or name an unknown digest.</summary>
    public static PssParameters? Read(AlgorithmIdentifier algorithm)
    {
        if (algorithm.Parameters is not { } parameters)
        {
            return null;
        }

        try
        {
            AsnReader outer = Asn1.Reader(parameters);
            AsnReader fields = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            string hash = KnownOids.Sha1;
            string mgfHash = KnownOids.Sha1;
            int salt = 20;
            if (Asn1.NextIs(fields, 0))
            {
                hash = AlgorithmIdentifier.Read(fields.ReadSequence(Asn1.Context(0, constructed: true))).Oid;
            }

            if (Asn1.NextIs(fields, 1))
            {
                AlgorithmIdentifier mgf = AlgorithmIdentifier.Read(fields.ReadSequence(Asn1.Context(1, constructed: true)));
                if (mgf.Oid != KnownOids.Mgf1 || mgf.Parameters is not { } inner)
                {
                    return null;
                }

                mgfHash = AlgorithmIdentifier.Read(Asn1.Reader(inner)).Oid;
            }

            if (Asn1.NextIs(fields, 2) && (!fields.ReadSequence(Asn1.Context(2, constructed: true)).TryReadInt32(out salt) || salt < 0))
            {
                return null;
            }

            if (Asn1.NextIs(fields, 3) && (!fields.ReadSequence(Asn1.Context(3, constructed: true)).TryReadInt32(out int trailer) || trailer != 1))
            {
                return null;
            }

            fields.ThrowIfNotEmpty();
            return HashNames.FromOid(hash) is { } digest && HashNames.FromOid(mgfHash) is { } mgfDigest ? new PssParameters(digest, mgfDigest, salt) : null;
        }
        catch (Exception error) when (Asn1.IsMalformed(error))
        {
            return null;
        }
    }
}
