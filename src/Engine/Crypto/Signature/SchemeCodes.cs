using System.Security.Cryptography;
using SslModule.Engine.Oids;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>Decodes SignatureScheme code points (RFC 8446 section 4.2.3).</summary>
internal static class SchemeCodes
{
    /// <summary>The hash of a scheme; null for Ed25519, Ed448 and ML-DSA, which sign the message itself.</summary>
    public static HashAlgorithmName? HashOf(int scheme) => scheme switch
    {
        _ when NeedsWholeMessage(scheme) => null,
        SignatureScheme.rsa_pss_rsae_sha256 or SignatureScheme.rsa_pss_pss_sha256 or SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256 => HashAlgorithmName.SHA256,
        SignatureScheme.rsa_pss_rsae_sha384 or SignatureScheme.rsa_pss_pss_sha384 or SignatureScheme.ecdsa_brainpoolP384r1tls13_sha384 => HashAlgorithmName.SHA384,
        SignatureScheme.rsa_pss_rsae_sha512 or SignatureScheme.rsa_pss_pss_sha512 or SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512 => HashAlgorithmName.SHA512,
        _ => (scheme >> 8) switch
        {
            1 => HashAlgorithmName.MD5,
            2 => HashAlgorithmName.SHA1,
            4 => HashAlgorithmName.SHA256,
            5 => HashAlgorithmName.SHA384,
            6 => HashAlgorithmName.SHA512,
            _ => throw new FatalAlertException(AlertDescription.illegal_parameter),
        },
    };

    /// <summary>The only ECDSA scheme of TLS 1.3 for keys of a curve (RFC 8446 section 4.2.3, RFC 8734 section 3); null for other curves.</summary>
    public static int? OfCurve(string? oid) => oid switch
    {
        KnownOids.P256 => SignatureScheme.ecdsa_secp256r1_sha256,
        KnownOids.P384 => SignatureScheme.ecdsa_secp384r1_sha384,
        KnownOids.P521 => SignatureScheme.ecdsa_secp521r1_sha512,
        KnownOids.BrainpoolP256 => SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256,
        KnownOids.BrainpoolP384 => SignatureScheme.ecdsa_brainpoolP384r1tls13_sha384,
        KnownOids.BrainpoolP512 => SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512,
        _ => null,
    };

    /// <summary>True for ECDSA schemes that TLS 1.3 allows in CertificateVerify.</summary>
    public static bool IsTls13Ecdsa(int scheme)
        => scheme is SignatureScheme.ecdsa_secp256r1_sha256 or SignatureScheme.ecdsa_secp384r1_sha384 or SignatureScheme.ecdsa_secp521r1_sha512
            or >= SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256 and <= SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512;

    /// <summary>True for RSASSA-PSS schemes.</summary>
    public static bool IsPss(int scheme) => scheme is >= SignatureScheme.rsa_pss_rsae_sha256 and <= SignatureScheme.rsa_pss_rsae_sha512
        or >= SignatureScheme.rsa_pss_pss_sha256 and <= SignatureScheme.rsa_pss_pss_sha512;

    /// <summary>True for schemes that sign the message instead of its hash.</summary>
    public static bool NeedsWholeMessage(int scheme) => scheme is SignatureScheme.ed25519 or SignatureScheme.ed448 || IsMlDsa(scheme);

    /// <summary>True for schemes that TLS 1.2 and older do not have.</summary>
    public static bool IsTls13Only(int scheme)
        => IsMlDsa(scheme) || scheme is >= SignatureScheme.ecdsa_brainpoolP256r1tls13_sha256 and <= SignatureScheme.ecdsa_brainpoolP512r1tls13_sha512;

    private static bool IsMlDsa(int scheme) => scheme is SignatureScheme.mldsa44 or SignatureScheme.mldsa65 or SignatureScheme.mldsa87;
}
