using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>Whether one certificate can have issued another, as far as names and identifiers say.</summary>
internal static class IssuerMatching
{
    /// <summary>X509_V_OK, or the code that OpenSSL gives for the first difference.</summary>
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
    /// True when a certificate can have signed itself: the name is its own, its authority key identifier points to itself and
    /// its key is of the kind that made the signature.
    /// </summary>
    public static bool IsSelfSigned(Certificate certificate)
        => certificate.IsSelfIssued && AuthorityKeyMatches(certificate, certificate) && CheckAlgorithm(certificate, certificate) == VerifyCode.Ok;

    /// <summary>True when the subject's authority key identifier does not speak against the issuer.</summary>
    public static bool AuthorityKeyMatches(Certificate issuer, Certificate subject)
        => AuthorityKeyMatches(issuer, subject.Extensions.AuthorityKeyIdentifier);

    /// <summary>True when an authority key identifier does not speak against the issuer.</summary>
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

    /// <summary>True when the certificate's key is one that the engine knows.</summary>
    public static bool HasReadableKey(Certificate certificate) => certificate.ReadableKey is not null;

    // The kind of key that the subject's signature needs must be the kind that the issuer has.
    private static int CheckAlgorithm(Certificate issuer, Certificate subject)
    {
        if (issuer.ReadableKey is not { Kind: var kind })
        {
            return VerifyCode.NoIssuerPublicKey;
        }

        if (CertificateSignature.KeyKind(subject.SignatureAlgorithm) is not { } needed)
        {
            return VerifyCode.UnsupportedSignatureAlgorithm;
        }

        bool fits = kind == needed || (kind == KeyKind.Rsa && needed == KeyKind.RsaPss);
        return fits ? VerifyCode.Ok : VerifyCode.SignatureAlgorithmMismatch;
    }
}
