using SslModule.Engine.Ciphers;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Certificates;

/// <summary>
/// Verifies a chain (RFC 5280 section 6) and reports the first failure that OpenSSL would report: the checks run in its order.
/// </summary>
internal static class ChainVerifier
{
    /// <summary>Verifies <paramref name="leaf"/> with the certificates that came with it.</summary>
    public static VerificationResult Verify(Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings)
    {
        var builder = new ChainBuilder(leaf, sent, settings);
        Failure? failure = Guarded(builder, leaf, settings);
        int code = failure?.Code ?? VerifyCode.Ok;
        return new VerificationResult(code, failure?.Depth ?? 0, Message(code, settings), VerifyMessages.Alert(code), builder.Chain);
    }

    private static Failure? Guarded(ChainBuilder builder, Certificate leaf, VerificationSettings settings)
    {
        if (StrengthCheck.KeyIsWeak(leaf, settings.SecurityLevel))
        {
            return new Failure(VerifyCode.EndEntityKeyTooSmall, 0);
        }

        int built = builder.Build();
        if (built != VerifyCode.Ok)
        {
            return new Failure(built, builder.Chain.Count - 1);
        }

        var path = new CertificatePath(builder.Chain, builder.UntrustedCount, settings);
        return ExtensionCheck.Check(path)
            ?? StrengthCheck.Check(path)
            ?? IdentityCheck.Check(path)
            ?? SignatureCheck.Check(path)
            ?? ConstraintCheck.Check(path);
    }

    private static string Message(int code, VerificationSettings settings) => code switch
    {
        VerifyCode.HostnameMismatch => $"Hostname mismatch, certificate is not valid for '{settings.HostName}'.",
        VerifyCode.IpAddressMismatch => $"IP address mismatch, certificate is not valid for '{settings.HostName}'.",
        _ => VerifyMessages.Text(code),
    };
}

/// <summary>A failed check.</summary>
/// <param name="Code">OpenSSL's code.</param>
/// <param name="Depth">Which certificate; 0 is the leaf.</param>
internal sealed record Failure(int Code, int Depth);

/// <summary>A built chain under verification.</summary>
/// <param name="Chain">Leaf first.</param>
/// <param name="UntrustedCount">How many at the front came from the peer.</param>
/// <param name="Settings">What it is verified against.</param>
internal sealed record CertificatePath(IReadOnlyList<Certificate> Chain, int UntrustedCount, VerificationSettings Settings)
{
    /// <summary>How many certificates.</summary>
    public int Count => Chain.Count;
}

/// <summary>The strength of keys and digests against the security level.</summary>
internal static class StrengthCheck
{
    /// <summary>Every issuer's key, and every signature but the trust anchor's.</summary>
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

    /// <summary>True when the key is too weak; a key that cannot be read is.</summary>
    public static bool KeyIsWeak(Certificate certificate, int level)
    {
        try
        {
            PublicKey key = certificate.PublicKey;
            return level > 0 && !key.HasExplicitParameters && key.SecurityBits < SecurityLevels.MinimumBits(level);
        }
        catch (TlsError)
        {
            return true;
        }
    }
}

/// <summary>The host name or address.</summary>
internal static class IdentityCheck
{
    /// <summary>Whether the leaf carries the name that the client asked for.</summary>
    public static Failure? Check(CertificatePath path)
    {
        if (path.Settings.HostName is not { } host)
        {
            return null;
        }

        if (HostNameMatcher.Address(host) is { } address)
        {
            return HostNameMatcher.MatchesAddress(path.Chain[0], address) ? null : new Failure(VerifyCode.IpAddressMismatch, 0);
        }

        return HostNameMatcher.MatchesName(path.Chain[0], host, path.Settings.HostFlags) ? null : new Failure(VerifyCode.HostnameMismatch, 0);
    }
}

/// <summary>Signatures and validity, from the root to the leaf.</summary>
internal static class SignatureCheck
{
    /// <summary>Checks every link.</summary>
    public static Failure? Check(CertificatePath path)
    {
        int last = path.Count - 1;
        Certificate anchor = path.Chain[last];
        bool selfSigned = anchor.IsSelfSigned;
        if (selfSigned && path.Settings.Has(VerifyFlags.CheckSelfSignedSignature) && Link(anchor, anchor, last, last) is { } broken)
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
            if (depth < last && Link(path.Chain[depth + 1], subject, depth + 1, depth) is { } failure)
            {
                return failure;
            }

            // A trust anchor that is not self-signed is a name and a key; OpenSSL looks at its dates only with partial chains.
            bool dated = depth < last || selfSigned || path.Settings.Has(VerifyFlags.PartialChain) || last == 0;
            int validity = dated ? ValidityCheck.Check(subject, path.Settings) : VerifyCode.Ok;
            if (validity != VerifyCode.Ok)
            {
                return new Failure(validity, depth);
            }
        }

        return null;
    }

    private static Failure? Link(Certificate issuer, Certificate subject, int issuerDepth, int depth)
    {
        bool ownRoot = issuerDepth == depth && issuer.Extensions.BasicConstraints is not { IsAuthority: true };
        KeyUsages needed = subject.Extensions.ProxyPathLength is null ? KeyUsages.CertSign : KeyUsages.DigitalSignature;
        if (!ownRoot && CertificateChecks.RefusesUsage(issuer.Extensions, needed))
        {
            int code = needed == KeyUsages.CertSign ? VerifyCode.KeyUsageNoCertSign : VerifyCode.KeyUsageNoDigitalSignature;
            return new Failure(code, issuerDepth);
        }

        PublicKey key;
        try
        {
            key = issuer.PublicKey;
        }
        catch (TlsError)
        {
            return new Failure(VerifyCode.UnableToDecodeIssuerPublicKey, issuerDepth);
        }

        return CertificateSignature.Verify(key, subject) ? null : new Failure(VerifyCode.CertificateSignatureFailure, depth);
    }
}

/// <summary>Name constraints of every issuer over every certificate below it.</summary>
internal static class ConstraintCheck
{
    /// <summary>From the root to the leaf; self-issued certificates in between are exempt (RFC 5280 section 6.1.3).</summary>
    public static Failure? Check(CertificatePath path)
    {
        for (int depth = path.Count - 1; depth >= 0; depth--)
        {
            Certificate certificate = path.Chain[depth];
            if (depth != 0 && certificate.IsSelfIssued)
            {
                continue;
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

    private static bool ChecksCommonName(Certificate leaf, uint hostFlags)
        => (hostFlags & HostNameFlags.NeverCheckSubject) == 0
            && ((hostFlags & HostNameFlags.AlwaysCheckSubject) != 0
                || leaf.Extensions.SubjectAltName?.Any(name => name.Kind == GeneralNameKind.Dns) != true);
}
