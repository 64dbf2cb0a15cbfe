using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>OpenSSL's texts for verify codes, and the alerts that it sends for them.</summary>
internal static class VerifyMessages
{
    private const byte HandshakeFailure = 40;
    private const byte BadCertificate = 42;
    private const byte UnsupportedCertificate = 43;
    private const byte CertificateRevoked = 44;
    private const byte CertificateExpired = 45;
    private const byte CertificateUnknown = 46;
    private const byte UnknownCa = 48;
    private const byte DecryptError = 51;
    private const byte InternalError = 80;

    private static readonly string[] Texts =
    [
        "ok",
        "unspecified certificate verification error",
        "unable to get issuer certificate",
        "unable to get certificate CRL",
        "unable to decrypt certificate's signature",
        "unable to decrypt CRL's signature",
        "unable to decode issuer public key",
        "certificate signature failure",
        "CRL signature failure",
        "certificate is not yet valid",
        "certificate has expired",
        "CRL is not yet valid",
        "CRL has expired",
        "format error in certificate's notBefore field",
        "format error in certificate's notAfter field",
        "format error in CRL's lastUpdate field",
        "format error in CRL's nextUpdate field",
        "out of memory",
        "self-signed certificate",
        "self-signed certificate in certificate chain",
        "unable to get local issuer certificate",
        "unable to verify the first certificate",
        "certificate chain too long",
        "certificate revoked",
        "issuer certificate doesn't have a public key",
        "path length constraint exceeded",
        "unsuitable certificate purpose",
        "certificate not trusted",
        "certificate rejected",
        "subject issuer mismatch",
        "authority and subject key identifier mismatch",
        "authority and issuer serial number mismatch",
        "key usage does not include certificate signing",
        "unable to get CRL issuer certificate",
        "unhandled critical extension",
        "key usage does not include CRL signing",
        "unhandled critical CRL extension",
        "invalid non-CA certificate (has CA markings)",
        "proxy path length constraint exceeded",
        "key usage does not include digital signature",
        "proxy certificates not allowed, please set the appropriate flag",
        "invalid or inconsistent certificate extension",
        "invalid or inconsistent certificate policy extension",
        "no explicit policy",
        "different CRL scope",
        "unsupported extension feature",
        "RFC 3779 resource not subset of parent's resources",
        "permitted subtree violation",
        "excluded subtree violation",
        "name constraints minimum and maximum not supported",
        "application verification failure",
        "unsupported name constraint type",
        "unsupported or invalid name constraint syntax",
        "unsupported or invalid name syntax",
        "CRL path validation error",
        "path loop",
        "Suite B: certificate version invalid",
        "Suite B: invalid public key algorithm",
        "Suite B: invalid ECC curve",
        "Suite B: invalid signature algorithm",
        "Suite B: curve not allowed for this LOS",
        "Suite B: cannot sign P-384 with P-256",
        "hostname mismatch",
        "email address mismatch",
        "IP address mismatch",
        "no matching DANE TLSA records",
        "EE certificate key too weak",
        "CA certificate key too weak",
        "CA signature digest algorithm too weak",
        "invalid certificate verification context",
        "issuer certificate lookup error",
        "Certificate Transparency required, but no valid SCTs found",
        "proxy subject name violation",
        "OCSP verification needed",
        "OCSP verification failed",
        "OCSP unknown cert",
        "Cannot find certificate signature algorithm",
        "subject signature algorithm and issuer public key algorithm mismatch",
        "cert info signature and signature algorithm mismatch",
        "invalid CA certificate",
        "Path length invalid for non-CA cert",
        "Path length given without key usage keyCertSign",
        "Key usage keyCertSign invalid for non-CA cert",
        "Issuer name empty",
        "Subject name empty",
        "Missing Authority Key Identifier",
        "Missing Subject Key Identifier",
        "Empty Subject Alternative Name extension",
        "Subject empty and Subject Alt Name extension not critical",
        "Basic Constraints of CA cert not marked critical",
        "Authority Key Identifier marked critical",
        "Subject Key Identifier marked critical",
        "CA cert does not include key usage extension",
        "Using cert extension requires at least X509v3",
        "Certificate public key has explicit ECC parameters",
    ];

    /// <summary>The text of <paramref name="code"/>.</summary>
    public static string Text(int code) => code >= 0 && code < Texts.Length ? Texts[code] : "unknown certificate verification error";

    /// <summary>The alert description for <paramref name="code"/> (RFC 8446 section 6.2).</summary>
    public static byte Alert(int code) => code switch
    {
        VerifyCode.Ok => 0,
        VerifyCode.Unspecified or VerifyCode.InvalidCall => InternalError,
        VerifyCode.ApplicationVerification => HandshakeFailure,
        VerifyCode.HasExpired or VerifyCode.CrlHasExpired => CertificateExpired,
        VerifyCode.Revoked => CertificateRevoked,
        VerifyCode.InvalidPurpose => UnsupportedCertificate,
        VerifyCode.CertificateSignatureFailure or VerifyCode.CrlSignatureFailure => DecryptError,
        VerifyCode.UnableToGetIssuer or VerifyCode.UnableToGetIssuerLocally or VerifyCode.UnableToGetCrl or VerifyCode.UnableToGetCrlIssuer
            or VerifyCode.DepthZeroSelfSigned or VerifyCode.SelfSignedInChain or VerifyCode.UnableToVerifyLeafSignature
            or VerifyCode.ChainTooLong or VerifyCode.PathLengthExceeded or VerifyCode.InvalidCa => UnknownCa,
        VerifyCode.UnableToDecodeIssuerPublicKey or VerifyCode.NotYetValid or VerifyCode.CrlNotYetValid or VerifyCode.Untrusted
            or VerifyCode.Rejected or VerifyCode.ErrorInNotBefore or VerifyCode.ErrorInNotAfter or VerifyCode.ErrorInCrlLastUpdate
            or VerifyCode.ErrorInCrlNextUpdate or VerifyCode.HostnameMismatch or VerifyCode.EmailMismatch or VerifyCode.IpAddressMismatch
            or VerifyCode.EndEntityKeyTooSmall or VerifyCode.AuthorityKeyTooSmall or VerifyCode.DigestTooWeak
            or VerifyCode.ExplicitCurveParameters => BadCertificate,
        _ => CertificateUnknown,
    };
}
