using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>Checks by names and identifiers whether one certificate can be the issuer of another.</summary>
internal static class IssuerMatching
{
    /// <summary>X509_V_OK, or OpenSSL's code for the first mismatch.</summary>
    public static int Check(Certificate issuer, Certificate subject)
    {
        if (!issuer.Subject.Equals(subject.Issuer))
        {
            return VerifyCode.SubjectIssuerMismatch;
        }

        if (issuer.Extensions.MalformedOid is not null || subject.Extensions.MalformedOid is not null)
        {
            return VerifyCode.Unspecified;
        }

        int identifiers = CheckAuthorityKey(issuer, subject.Extensions.AuthorityKeyIdentifier);
        return identifiers != VerifyCode.Ok ? identifiers : CheckAlgorithm(issuer, subject);
    }

    /// <summary>
    /// True when a certificate can be self-signed: subject and issuer are equal, the authority key identifier matches itself and its
    /// key type fits the signature algorithm.
    /// </summary>
    public static bool IsSelfSigned(Certificate certificate)
        => certificate.IsSelfIssued && AuthorityKeyMatches(certificate, certificate) && CheckAlgorithm(certificate, certificate) == VerifyCode.Ok;

    /// <summary>True when the subject's authority key identifier is absent or matches the issuer.</summary>
    public static bool AuthorityKeyMatches(Certificate issuer, Certificate subject)
        => AuthorityKeyMatches(issuer, subject.Extensions.AuthorityKeyIdentifier);

    /// <summary>True when an authority key identifier is absent or matches the issuer.</summary>
    public static bool AuthorityKeyMatches(Certificate issuer, AuthorityKeyIdentifier? authority)
        => CheckAuthorityKey(issuer, authority) == VerifyCode.Ok;

    private static int CheckAuthorityKey(Certificate issuer, AuthorityKeyIdentifier? authority)
    {
        if (authority is null)
        {
            return VerifyCode.Ok;
        }

        if (authority.KeyIdentifier is { } key && issuer.Extensions.SubjectKeyIdentifier is { } own && !key.Span.SequenceEqual(own.Span))
        {
            return VerifyCode.AuthorityKeyMismatch;
        }

        if (authority.SerialNumber is { } serial && !serial.Span.SequenceEqual(issuer.SerialNumber.Span))
        {
            return VerifyCode.AuthorityIssuerSerialMismatch;
        }

        DistinguishedName? name = authority.Issuer?.FirstOrDefault(candidate => candidate.Kind == GeneralNameKind.Directory)?.Directory;
        return name is not null && !name.Equals(issuer.Issuer) ? VerifyCode.AuthorityIssuerSerialMismatch : VerifyCode.Ok;
    }

    /// <summary>True when the certificate's key can be parsed.</summary>
    public static bool HasReadableKey(Certificate certificate) => certificate.ReadableKey is not null;

    // The issuer's key type must fit the subject's signature algorithm.
    private static int CheckAlgorithm(Certificate issuer, Certificate subject)
    {
        if (issuer.ReadableKey is not { } key)
        {
            return VerifyCode.NoIssuerPublicKey;
        }

        if (CertificateSignature.KeyKind(subject.SignatureAlgorithm) is null)
        {
            return VerifyCode.UnsupportedSignatureAlgorithm;
        }

        return CertificateSignature.Fits(key, subject.SignatureAlgorithm) ? VerifyCode.Ok : VerifyCode.SignatureAlgorithmMismatch;
    }
}
