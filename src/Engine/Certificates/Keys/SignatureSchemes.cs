using System.Security.Cryptography;
using SslModule.Engine.Crypto;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Certificates;

/// <summary>The parameters of a TLS SignatureScheme code point (RFC 8446 section 4.2.3).</summary>
/// <param name="Hash">The digest; null for Ed25519, Ed448 and ML-DSA, which sign the message itself.</param>
/// <param name="IsPss">True for RSASSA-PSS.</param>
/// <param name="Kind">The key type.</param>
internal readonly record struct SignatureSchemeUse(HashAlgorithmName? Hash, bool IsPss, KeyKind Kind);

/// <summary>The supported signature schemes.</summary>
internal static class SignatureSchemes
{
    private const int Rsa = 1;
    private const int Dsa = 2;
    private const int Ecdsa = 3;

    /// <summary>Finds a scheme by its code point; null when unknown.</summary>
    public static SignatureSchemeUse? Find(int scheme)
        => KeyOf(scheme) is { } kind ? new SignatureSchemeUse(SchemeCodes.HashOf(scheme), SchemeCodes.IsPss(scheme), kind) : FromTls12(scheme >> 8, scheme & 0xFF);

    // The schemes that TLS 1.3 has added, whose two bytes do not name a hash and a kind of key.
    private static KeyKind? KeyOf(int scheme) => scheme switch
    {
        >= SignatureScheme.rsa_pss_rsae_sha256 and <= SignatureScheme.rsa_pss_rsae_sha512 => KeyKind.Rsa,
        >= SignatureScheme.rsa_pss_pss_sha256 and <= SignatureScheme.rsa_pss_pss_sha512 => KeyKind.RsaPss,
        >= SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256 and <= SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512 => KeyKind.Ec,
        SignatureScheme.ed25519 => KeyKind.Ed25519,
        SignatureScheme.ed448 => KeyKind.Ed448,
        SignatureScheme.mldsa44 => KeyKind.MlDsa44,
        SignatureScheme.mldsa65 => KeyKind.MlDsa65,
        SignatureScheme.mldsa87 => KeyKind.MlDsa87,
        _ => null,
    };

    // TLS 1.2: the first byte is the hash, the second the kind of key (RFC 5246 section 7.4.1.4.1).
    private static SignatureSchemeUse? FromTls12(int hash, int signature)
    {
        HashAlgorithmName? digest = hash switch
        {
            1 => HashAlgorithmName.MD5,
            2 => HashAlgorithmName.SHA1,
            3 => HashNames.Sha224,
            4 => HashAlgorithmName.SHA256,
            5 => HashAlgorithmName.SHA384,
            6 => HashAlgorithmName.SHA512,
            _ => null,
        };
        KeyKind? kind = signature switch
        {
            Rsa => KeyKind.Rsa,
            Dsa => KeyKind.Dsa,
            Ecdsa => KeyKind.Ec,
            _ => null,
        };
        return digest is not null && kind is { } known ? new SignatureSchemeUse(digest, false, known) : null;
    }
}
