using SslModule.Engine.Certificates;
using SslModule.Engine.Crypto;
using SslModule.Engine.Errors;
using SslModule.Engine.Wire;

namespace SslModule.Engine.Handshake.Tls13;

/// <summary>The signature schemes that TLS 1.3 allows in CertificateVerify, by key (RFC 8446 sections 4.2.3 and 4.4.3).</summary>
internal static class Tls13Schemes
{
    /// <summary>Rejects a CertificateVerify scheme that is allowed in certificates only, or does not match <paramref name="key"/>.</summary>
    /// <exception cref="FatalAlertException">The scheme is not allowed (illegal_parameter).</exception>
    public static void Check(PublicKey key, int scheme)
    {
        bool fits = key.Kind switch
        {
            KeyKind.Rsa => scheme is SignatureScheme.rsa_pss_rsae_sha256 or SignatureScheme.rsa_pss_rsae_sha384 or SignatureScheme.rsa_pss_rsae_sha512,
            KeyKind.RsaPss => scheme is SignatureScheme.rsa_pss_pss_sha256 or SignatureScheme.rsa_pss_pss_sha384 or SignatureScheme.rsa_pss_pss_sha512,
            KeyKind.Ec => SchemeCodes.IsTls13Ecdsa(scheme),
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

        if (key.Kind == KeyKind.Ec && SchemeCodes.OfCurve(key.CurveOid) != scheme)
        {
            throw Refuse("WRONG_CURVE");
        }
    }

    private static FatalAlertException Refuse(string reason)
        => new(AlertDescription.illegal_parameter, TlsError.Ssl("SSL", reason, (byte)AlertDescription.illegal_parameter));
}
