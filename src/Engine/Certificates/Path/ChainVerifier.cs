using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;
using SslModule.Engine.Oids;

namespace SslModule.Engine.Certificates;

/// <summary>
/// Verifies a chain (RFC 5280 section 6). The checks run in OpenSSL's order, so that the same failure is reported first.
/// </summary>
internal static class ChainVerifier
{
    /// <summary>Verifies <paramref name="leaf"/> with the certificates that the peer sent.</summary>
    public static VerificationResult Verify(Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings)
        => Verify(leaf, sent, settings, new SignatureBudget());

    /// <summary>Verifies a chain within another verification, sharing its signature budget.</summary>
    public static VerificationResult Verify(Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings, SignatureBudget budget)
    {
        var builder = new ChainBuilder(leaf, sent, settings);
        Failure? failure = Check(builder, leaf, sent, settings, budget);
        int code = failure?.Code ?? VerifyCode.Ok;
        return new VerificationResult(code, failure?.Depth ?? 0, Message(code, settings), VerifyMessages.Alert(code), builder.Chain);
    }

    private static Failure? Check(ChainBuilder builder, Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings, SignatureBudget budget)
    {
        bool readable = IsLeafKeyValid(leaf, budget);
        if (settings.SecurityLevel > 0 && (!readable || StrengthCheck.KeyIsWeak(leaf, settings.SecurityLevel)))
        {
            return new Failure(VerifyCode.EndEntityKeyTooSmall, 0);
        }

        int built = builder.Build();
        if (built != VerifyCode.Ok)
        {
            return new Failure(built, builder.RefusedDepth ?? (builder.Chain.Count - 1));
        }

        var path = new CertificatePath(builder.Chain, builder.UntrustedCount, settings) { Sent = sent, Budget = budget };
        return ExtensionCheck.Check(path)
            ?? StrengthCheck.Check(path)
            ?? IdentityCheck.Check(leaf, settings)
            ?? (readable ? null : new Failure(VerifyCode.Unspecified, 0))
            ?? RevocationCheck.Check(path)
            ?? SuiteBCheck.Check(path)
            ?? SignatureCheck.Check(path)
            ?? ConstraintCheck.Check(path)
            ?? ResourceCheck.Check(path)
            ?? PolicyCheck.Check(path)
            ?? DistrustedKeyCheck.Check(path);
    }

    // The handshake uses the leaf's key, so it is validated fully. Most other keys of a chain are never used.
    private static bool IsLeafKeyValid(Certificate leaf, SignatureBudget budget)
        => leaf.ReadableKey is { } key && (key.ValidationCost == 0 || budget.TryDeduct(key.ValidationCost)) && key.IsValid;

    private static string Message(int code, VerificationSettings settings) => code switch
    {
        VerifyCode.HostnameMismatch => $"Hostname mismatch, certificate is not valid for '{settings.HostName}'.",
        VerifyCode.IpAddressMismatch => $"IP address mismatch, certificate is not valid for '{settings.HostName}'.",
        _ => VerifyMessages.Text(code),
    };
}

/// <summary>A failed check.</summary>
/// <param name="Code">OpenSSL's code.</param>
/// <param name="Depth">The depth of the certificate; 0 is the leaf.</param>
internal sealed record Failure(int Code, int Depth);

/// <summary>A chain being verified.</summary>
/// <param name="Chain">Leaf first.</param>
/// <param name="UntrustedCount">The number of certificates at the front that the peer sent.</param>
/// <param name="Settings">The verification settings.</param>
internal sealed record CertificatePath(IReadOnlyList<Certificate> Chain, int UntrustedCount, VerificationSettings Settings)
{
    /// <summary>The number of certificates.</summary>
    public int Count => Chain.Count;

    /// <summary>All certificates that the peer sent; a CRL's issuer may be among them.</summary>
    public IReadOnlyList<Certificate> Sent { get; init; } = [];

    /// <summary>The remaining signature budget of the verification.</summary>
    public required SignatureBudget Budget { get; init; }
}

/// <summary>Checks keys and digests against the security level.</summary>
internal static class StrengthCheck
{
    /// <summary>Checks every key, and every signature except the trust anchor's.</summary>
    public static Failure? Check(CertificatePath path)
    {
        int level = path.Settings.SecurityLevel;
        if (level <= 0)
        {
            return null;
        }

        for (int depth = 0; depth < path.Count; depth++)
        {
            if (depth > 0 && KeyIsWeak(path.Chain[depth], level))
            {
                return new Failure(VerifyCode.AuthorityKeyTooSmall, depth);
            }

            if (depth < path.Count - 1 && CertificateSignature.SecurityBits(path.Chain[depth].SignatureAlgorithm) < SecurityLevels.MinimumBits(level))
            {
                return new Failure(VerifyCode.DigestTooWeak, depth);
            }
        }

        return null;
    }

    /// <summary>True when the key is too weak or cannot be parsed.</summary>
    public static bool KeyIsWeak(Certificate certificate, int level)
    {
        if (level <= 0)
        {
            return false;
        }

        return certificate.ReadableKey is not { } key || (!key.HasExplicitParameters && key.SecurityBits < SecurityLevels.MinimumBits(level));
    }
}

/// <summary>Checks the host name or IP address.</summary>
internal static class IdentityCheck
{
    /// <summary>Whether the leaf matches the name that is demanded of the peer.</summary>
    public static Failure? Check(Certificate leaf, VerificationSettings settings)
    {
        if (settings.HostName is not { } host)
        {
            return null;
        }

        if (HostNameMatcher.Address(host) is { } address)
        {
            return HostNameMatcher.MatchesAddress(leaf, address) ? null : new Failure(VerifyCode.IpAddressMismatch, 0);
        }

        return HostNameMatcher.MatchesName(leaf, host, settings.HostFlags) ? null : new Failure(VerifyCode.HostnameMismatch, 0);
    }
}

/// <summary>Checks signatures and validity periods, from the root to the leaf.</summary>
internal static class SignatureCheck
{
    /// <summary>Checks all certificates.</summary>
    public static Failure? Check(CertificatePath path)
    {
        int last = path.Count - 1;
        Certificate anchor = path.Chain[last];
        bool selfSigned = anchor.IsSelfSigned;
        if (selfSigned && path.Settings.Has(VerifyFlags.CheckSelfSignedSignature) && Link(path, last, last) is { } broken)
        {
            return broken;
        }

        if (!selfSigned && !path.Settings.Has(VerifyFlags.PartialChain) && last == 0)
        {
            return new Failure(VerifyCode.UnableToVerifyLeafSignature, 0);
        }

        for (int depth = last; depth >= 0; depth--)
        {
            Certificate subject = path.Chain[depth];
            if (depth < last && Link(path, depth + 1, depth) is { } failure)
            {
                return failure;
            }

            // OpenSSL checks the dates of a trust anchor that is not self-signed only with partial chains.
            bool dated = depth < last || selfSigned || path.Settings.Has(VerifyFlags.PartialChain) || last == 0;
            int validity = dated ? ValidityCheck.Check(subject, path.Settings) : VerifyCode.Ok;
            if (validity != VerifyCode.Ok)
            {
                return new Failure(validity, depth);
            }
        }

        return null;
    }

    private static Failure? Link(CertificatePath path, int issuerDepth, int depth)
    {
        Certificate issuer = path.Chain[issuerDepth];
        Certificate subject = path.Chain[depth];
        bool ownRoot = issuerDepth == depth && issuer.Extensions.BasicConstraints is not { IsCa: true };
        KeyUsages needed = subject.Extensions.ProxyPathLength is null ? KeyUsages.CertSign : KeyUsages.DigitalSignature;
        if (!ownRoot && CertificateChecks.ExcludedByKeyUsage(issuer.Extensions, needed))
        {
            int code = needed == KeyUsages.CertSign ? VerifyCode.KeyUsageNoCertSign : VerifyCode.KeyUsageNoDigitalSignature;
            return new Failure(code, issuerDepth);
        }

        if (issuer.ReadableKey is not { } key)
        {
            return new Failure(VerifyCode.UnableToDecodeIssuerPublicKey, issuerDepth);
        }

        if (!path.Budget.TryDeduct(key.VerificationCost))
        {
            return new Failure(VerifyCode.ChainTooLong, depth);
        }

        return subject.WasSignedBy(key) ? null : new Failure(VerifyCode.CertificateSignatureFailure, depth);
    }
}

/// <summary>Applies the name constraints of every issuer to the certificates below it.</summary>
internal static class ConstraintCheck
{
    /// <summary>Runs from the root to the leaf. Self-issued intermediates are exempt (RFC 5280 section 6.1.3).</summary>
    public static Failure? Check(CertificatePath path)
    {
        for (int depth = path.Count - 1; depth >= 0; depth--)
        {
            Certificate certificate = path.Chain[depth];
            if (depth != 0 && certificate.IsSelfIssued)
            {
                continue;
            }

            if (certificate.Extensions.ProxyPathLength is not null && !HasProxyName(certificate))
            {
                return new Failure(VerifyCode.ProxySubjectNameViolation, depth);
            }

            bool withCommonName = depth == 0 && ChecksCommonName(certificate, path.Settings.HostFlags);
            for (int issuer = path.Count - 1; issuer > depth; issuer--)
            {
                if (path.Chain[issuer].Extensions.NameConstraints is { } constraints
                    && NameConstraintChecker.Check(certificate, constraints, withCommonName) is var code and not VerifyCode.Ok)
                {
                    return new Failure(code, depth);
                }
            }
        }

        return null;
    }

    // The subject of a proxy certificate is its issuer's subject with one more common name (RFC 3820 section 3.4).
    private static bool HasProxyName(Certificate proxy)
    {
        IReadOnlyList<IReadOnlyList<NameValue>> names = proxy.Subject.RelativeNames;
        return names.Count > 1 && names[^1] is [{ Oid: KnownOids.CommonName }]
            && DistinguishedName.Extend(proxy.Issuer, names[^1]).Equals(proxy.Subject);
    }

    private static bool ChecksCommonName(Certificate leaf, uint hostFlags)
        => (hostFlags & HostNameFlags.NeverCheckSubject) == 0
            && ((hostFlags & HostNameFlags.AlwaysCheckSubject) != 0
                || leaf.Extensions.SubjectAltName?.Any(name => name.Kind == GeneralNameKind.Dns) != true);
}
