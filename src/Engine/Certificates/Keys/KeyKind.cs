using SslModule.Engine.Oids;
namespace SslModule.Engine.Certificates;

/// <summary>The types of keys in certificates and private keys.</summary>
internal enum KeyKind
{
    /// <summary>RSA without restriction.</summary>
    Rsa,

    /// <summary>RSA restricted to RSASSA-PSS (RFC 4055).</summary>
    RsaPss,

    /// <summary>A key on a named elliptic curve.</summary>
    Ec,

    /// <summary>Ed25519 (RFC 8032).</summary>
    Ed25519,

    /// <summary>Ed448 (RFC 8032).</summary>
    Ed448,

    /// <summary>DSA, for TLS 1.2 and earlier.</summary>
    Dsa,

    /// <summary>ML-DSA-44 (FIPS 204), for TLS 1.3.</summary>
    MlDsa44,

    /// <summary>ML-DSA-65.</summary>
    MlDsa65,

    /// <summary>ML-DSA-87.</summary>
    MlDsa87,

    /// <summary>SLH-DSA (FIPS 205) of any parameter set, for certificates and CRLs alone.</summary>
    SlhDsa,
}

/// <summary>Determines the type of a key without parsing the key itself.</summary>
internal static class KeyAlgorithm
{
    /// <summary>The key type; null when neither TLS nor a certificate's signature uses it.</summary>
    public static KeyKind? Kind(ReadOnlyMemory<byte> subjectPublicKeyInfo)
        => Kind(AlgorithmIdentifier.Read(Asn1.Reader(subjectPublicKeyInfo).ReadSequence()).Oid);

    /// <summary>The key type of an algorithm identifier.</summary>
    public static KeyKind? Kind(string oid) => oid switch
    {
        KnownOids.RsaEncryption => KeyKind.Rsa,
        KnownOids.RsaPss => KeyKind.RsaPss,
        KnownOids.EcPublicKey => KeyKind.Ec,
        KnownOids.Ed25519 => KeyKind.Ed25519,
        KnownOids.Ed448 => KeyKind.Ed448,
        KnownOids.Dsa => KeyKind.Dsa,
        KnownOids.MlDsa44 => KeyKind.MlDsa44,
        KnownOids.MlDsa65 => KeyKind.MlDsa65,
        KnownOids.MlDsa87 => KeyKind.MlDsa87,
        _ => SlhDsaSet.Find(oid) is null ? null : KeyKind.SlhDsa,
    };
}
