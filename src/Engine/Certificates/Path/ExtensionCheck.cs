using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>Checks critical extensions, CA flags, path lengths, purposes and the strict rules, from the leaf to the root.</summary>
internal static class ExtensionCheck
{
    /// <summary>The first failure; null when there is none.</summary>
    public static Failure? Check(CertificatePath path)
    {
        VerificationSettings settings = path.Settings;
        bool strict = settings.Has(VerifyFlags.Strict);
        bool proxies = settings.Has(VerifyFlags.AllowProxyCertificates) && settings.Purpose != Purpose.CrlSign;
        var position = new PathState();
        for (int depth = 0; depth < path.Count; depth++)
        {
            Certificate certificate = path.Chain[depth];
            CertificateExtensions extensions = certificate.Extensions;
            int code = CheckCaFlag(path, depth, position.MustBeCa, proxies);
            if (code == VerifyCode.Ok && path.Count > 1 && HasExplicitCurve(certificate))
            {
                code = VerifyCode.ExplicitCurveParameters;
            }

            if (code == VerifyCode.Ok && strict && path.Count > 1)
            {
                code = StrictCheck.Check(certificate, isLast: depth == path.Count - 1);
            }

            if (code == VerifyCode.Ok && !FitsPurpose(path, depth, position.MustBeCa == true))
            {
                code = VerifyCode.InvalidPurpose;
            }

            if (code == VerifyCode.Ok && depth > 1 && extensions.BasicConstraints?.PathLength is { } limit && position.PathLength > limit + position.ProxyPathLength)
            {
                code = VerifyCode.PathLengthExceeded;
            }

            if (code == VerifyCode.Ok && !position.Advance(certificate, depth))
            {
                code = VerifyCode.ProxyPathLengthExceeded;
            }

            if (code != VerifyCode.Ok)
            {
                return new Failure(code, depth);
            }
        }

        return null;
    }

    private static int CheckCaFlag(CertificatePath path, int depth, bool? mustBeCa, bool proxies)
    {
        Certificate certificate = path.Chain[depth];
        CertificateExtensions extensions = certificate.Extensions;
        bool strict = path.Settings.Has(VerifyFlags.Strict);
        if (extensions.HasUnknownCritical && !path.Settings.Has(VerifyFlags.IgnoreCritical))
        {
            return VerifyCode.UnhandledCriticalExtension;
        }

        if (extensions.ProxyPathLength is not null && !proxies)
        {
            return VerifyCode.ProxyCertificatesNotAllowed;
        }

        CaKind kind = CertificateChecks.CaKind(certificate);
        bool weak = kind is not (CaKind.BasicConstraints or CaKind.None);
        return mustBeCa switch
        {
            null => strict && weak ? VerifyCode.InvalidCa : VerifyCode.Ok,
            false => kind != CaKind.None ? VerifyCode.InvalidNonCa : VerifyCode.Ok,

            // Below the root, only basicConstraints makes a certificate a CA.
            true => kind == CaKind.None || ((depth + 1 < path.Count || strict) && weak) ? VerifyCode.InvalidCa : VerifyCode.Ok,
        };
    }

    private static bool HasExplicitCurve(Certificate certificate) => certificate.ReadableKey is { HasExplicitParameters: true };

    // The store's trust settings override the certificate's own extensions.
    private static bool FitsPurpose(CertificatePath path, int depth, bool asCa)
    {
        VerificationSettings settings = path.Settings;
        Certificate certificate = path.Chain[depth];
        bool own = depth >= path.UntrustedCount && settings.Purpose is not (Purpose.CrlSign or Purpose.Any);
        return (own ? settings.Store.GetTrust(certificate, settings.TrustedUse) : TrustDecision.Neutral) switch
        {
            TrustDecision.Trusted => true,
            TrustDecision.Rejected => false,
            _ => CertificateChecks.FitsPurpose(certificate, settings.Purpose, asCa) ?? !settings.Has(VerifyFlags.Strict),
        };
    }

    /// <summary>The requirements of the certificates below on the next one.</summary>
    private sealed class PathState
    {
        /// <summary>Whether the next certificate must be a CA; null for the leaf, which may be either.</summary>
        public bool? MustBeCa { get; private set; }

        /// <summary>The number of CA certificates below that are not self-issued.</summary>
        public int PathLength { get; private set; }

        /// <summary>The minimum proxy path length of the next proxy certificate; may exceed what an extension can hold.</summary>
        public long ProxyPathLength { get; private set; }

        /// <summary>Counts a certificate; false when more proxies are below it than its path length allows (RFC 3820 section 4.1.3).</summary>
        public bool Advance(Certificate certificate, int depth)
        {
            if (depth > 0 && !certificate.IsSelfIssued)
            {
                PathLength++;
            }

            if (certificate.Extensions.ProxyPathLength is not { } limit)
            {
                MustBeCa = true;
                return true;
            }

            if (limit >= 0 && ProxyPathLength > limit)
            {
                return false;
            }

            ProxyPathLength = (limit >= 0 ? (long)limit : ProxyPathLength) + 1;
            MustBeCa = false;
            return true;
        }
    }
}

/// <summary>The rules that X509_STRICT adds: parts of RFC 5280 that are not enforced by default.</summary>
internal static class StrictCheck
{
    /// <summary>X509_V_OK or the code of the first violation.</summary>
    public static int Check(Certificate certificate, bool isLast)
    {
        CertificateExtensions extensions = certificate.Extensions;
        bool authority = extensions.BasicConstraints is { IsCa: true };
        KeyUsages usage = extensions.KeyUsage ?? KeyUsages.None;
        bool emptySubject = certificate.Subject.IsEmpty;
        if (extensions.BasicConstraints?.PathLength is not null && !authority)
        {
            return VerifyCode.PathLengthInvalidForNonCa;
        }

        if (extensions.BasicConstraints?.PathLength is not null && (usage & KeyUsages.CertSign) == 0)
        {
            return VerifyCode.PathLengthWithoutCertSign;
        }

        if (authority && !extensions.BasicConstraintsCritical)
        {
            return VerifyCode.CaBasicConstraintsNotCritical;
        }

        if (authority && extensions.KeyUsage is null)
        {
            return VerifyCode.CaWithoutKeyUsage;
        }

        if (!authority && (usage & KeyUsages.CertSign) != 0)
        {
            return VerifyCode.CertSignInvalidForNonCa;
        }

        if (certificate.Issuer.IsEmpty)
        {
            return VerifyCode.IssuerNameEmpty;
        }

        if (emptySubject && (authority || (usage & KeyUsages.CrlSign) != 0 || extensions.SubjectAltName is null))
        {
            return VerifyCode.SubjectNameEmpty;
        }

        if (emptySubject && extensions.SubjectAltName is not null && !extensions.SubjectAltNameCritical)
        {
            return VerifyCode.EmptySubjectSanNotCritical;
        }

        if (extensions.SubjectAltName is { Count: 0 })
        {
            return VerifyCode.EmptySubjectAltName;
        }

        if (!certificate.SignatureAlgorithm.Encoded.Span.SequenceEqual(certificate.InnerSignatureAlgorithm.Encoded.Span))
        {
            return VerifyCode.SignatureAlgorithmInconsistency;
        }

        return CheckIdentifiers(certificate, isLast, authority);
    }

    private static int CheckIdentifiers(Certificate certificate, bool isLast, bool authority)
    {
        CertificateExtensions extensions = certificate.Extensions;
        if (certificate.Version < 3)
        {
            return certificate.ExtensionList.Count > 0 ? VerifyCode.ExtensionsRequireVersion3 : VerifyCode.Ok;
        }

        if (!isLast && extensions.AuthorityKeyIdentifier?.KeyIdentifier is null)
        {
            return VerifyCode.MissingAuthorityKeyIdentifier;
        }

        return authority && extensions.SubjectKeyIdentifier is null ? VerifyCode.MissingSubjectKeyIdentifier : VerifyCode.Ok;
    }
}
