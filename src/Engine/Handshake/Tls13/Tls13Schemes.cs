using SslModule.Engine.Certificates;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The signature schemes that TLS 1.3 allows in CertificateVerify, by key (RFC 8446 sections 4.2.3 and 4.4.3).</summary>
internal static class Tls13Schemes
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";
    private const string P521 = "1.3.132.0.35";

    /// <summary>Rejects a CertificateVerify scheme that is allowed in certificates only, or does not match <paramref name="key"/>.</summary>
    /// <exception cref="FatalAlertException">The scheme is not allowed (illegal_parameter).</exception>
    public static void Check(PublicKey key, int scheme)
    {
        bool fits = key.Kind switch
        {
            KeyKind.Rsa => scheme is SignatureScheme.rsa_pss_rsae_sha256 or SignatureScheme.rsa_pss_rsae_sha384 or SignatureScheme.rsa_pss_rsae_sha512,
            KeyKind.RsaPss => scheme is SignatureScheme.rsa_pss_pss_sha256 or SignatureScheme.rsa_pss_pss_sha384 or SignatureScheme.rsa_pss_pss_sha512,
            KeyKind.Ec => scheme is SignatureScheme.ecdsa_secp256r1_sha256 or SignatureScheme.ecdsa_secp384r1_sha384 or SignatureScheme.ecdsa_secp521r1_sha512,
            KeyKind.Ed25519 => scheme == SignatureScheme.ed25519,
            KeyKind.Ed448 => scheme == SignatureScheme.ed448,
            KeyKind.MlDsa44 => scheme == SignatureScheme.mldsa44,
            KeyKind.MlDsa65 => scheme == SignatureScheme.mldsa65,
            KeyKind.MlDsa87 => scheme == SignatureScheme.mldsa87,
            _ => false,
        };
        if (!fits)
        {
            throw Refuse("WRONG_SIGNATURE_TYPE");
        }

        if (key.Kind == KeyKind.Ec && key.CurveOid != Curve(scheme))
        {
            throw Refuse("WRONG_CURVE");
        }
    }

    private static string Curve(int scheme) => scheme switch
    {
        SignatureScheme.ecdsa_secp256r1_sha256 => P256,
        SignatureScheme.ecdsa_secp384r1_sha384 => P384,
        _ => P521,
    };

    private static FatalAlertException Refuse(string reason)
        => new(AlertDescription.illegal_parameter, TlsError.Ssl("SSL", reason, (byte)AlertDescription.illegal_parameter));
}
