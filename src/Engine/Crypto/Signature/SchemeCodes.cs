using System.Security.Cryptography;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Crypto;

/// <summary>Decodes SignatureScheme code points (RFC 8446 section 4.2.3).</summary>
internal static class SchemeCodes
{
    /// <summary>The hash of a scheme; null for Ed25519, Ed448 and ML-DSA, which sign the message itself.</summary>
    public static HashAlgorithmName? HashOf(int scheme) => scheme switch
    {
        _ when NeedsWholeMessage(scheme) => null,
        SignatureScheme.rsa_pss_rsae_sha256 or SignatureScheme.rsa_pss_pss_sha256 => HashAlgorithmName.SHA256,
        SignatureScheme.rsa_pss_rsae_sha384 or SignatureScheme.rsa_pss_pss_sha384 => HashAlgorithmName.SHA384,
        SignatureScheme.rsa_pss_rsae_sha512 or SignatureScheme.rsa_pss_pss_sha512 => HashAlgorithmName.SHA512,
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

    /// <summary>True for RSASSA-PSS schemes.</summary>
    public static bool IsPss(int scheme) => scheme is >= SignatureScheme.rsa_pss_rsae_sha256 and <= SignatureScheme.rsa_pss_rsae_sha512
        or >= SignatureScheme.rsa_pss_pss_sha256 and <= SignatureScheme.rsa_pss_pss_sha512;

    /// <summary>True for schemes that sign the message instead of its hash.</summary>
    public static bool NeedsWholeMessage(int scheme) => scheme is SignatureScheme.ed25519 or SignatureScheme.ed448 || IsMlDsa(scheme);

    /// <summary>True for ML-DSA, which TLS 1.2 and older do not have.</summary>
    public static bool IsMlDsa(int scheme) => scheme is SignatureScheme.mldsa44 or SignatureScheme.mldsa65 or SignatureScheme.mldsa87;
}
