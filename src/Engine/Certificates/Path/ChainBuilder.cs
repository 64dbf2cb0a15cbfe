using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>
/// Builds one chain from a leaf towards a trusted certificate, in OpenSSL's order: every step looks in the store before the sent
/// certificates; a certificate from the store is never followed by a sent one. OpenSSL knows another order too, for callers that
/// take X509_V_FLAG_TRUSTED_FIRST off, but its defaults put the flag back, so no TLS connection ever meets it.
/// </summary>
internal sealed class ChainBuilder(Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings)
{
    private readonly List<Certificate> _chain = [leaf];

    /// <summary>The chain, leaf first.</summary>
    public List<Certificate> Chain => _chain;

    /// <summary>How many certificates at the front come from the peer.</summary>
    public int UntrustedCount { get; private set; } = 1;

    /// <summary>The certificate that the store rejects; null to blame the last one.</summary>
    public int? RefusedDepth { get; private set; }

    /// <summary>Builds; X509_V_OK or the code that says why no trusted end was found.</summary>
    public int Build()
    {
        bool lookInSent = sent.Count > 0;
        int limit = settings.DepthLimit + 1;
        bool selfSigned = leaf.IsSelfSigned;
        while (true)
        {
            Certificate current = _chain[^1];
            if (_chain.Count <= limit && FindInStore(current) is { } trusted)
            {
                if (!IsReadable(current))
                {
                    // OpenSSL calls this an internal error: it cannot tell whether the certificate signed itself.
                    return VerifyCode.Unspecified;
                }

                if (Append(current, trusted, ref selfSigned))
                {
                    lookInSent = false;
                    if (Trust() is { } verdict)
                    {
                        return verdict;
                    }

                    if (!selfSigned)
                    {
                        continue;
                    }
                }
            }

            if (!lookInSent || selfSigned || _chain.Count > limit || FindAmongSent(current) is not { } issuer)
            {
                break;
            }

            _chain.Add(issuer);
            UntrustedCount++;
            selfSigned = issuer.IsSelfSigned;
        }

        if (_chain.Count <= limit && _chain.Count == UntrustedCount && Trust() is { } last)
        {
            return last;
        }

        return _chain.Count > limit ? VerifyCode.ChainTooLong
            : selfSigned ? (_chain.Count == 1 ? VerifyCode.DepthZeroSelfSigned : VerifyCode.SelfSignedInChain)
            : UntrustedCount < _chain.Count ? VerifyCode.UnableToGetIssuer
            : VerifyCode.UnableToGetIssuerLocally;
    }

    /// <summary>Grows the chain by a trusted issuer, or replaces a self-signed end by its trusted copy; false for a mimic of it.</summary>
    private bool Append(Certificate current, Certificate issuer, ref bool selfSigned)
    {
        if (!selfSigned)
        {
            _chain.Add(issuer);
            selfSigned = issuer.IsSelfSigned;
            return true;
        }

        if (_chain.Count != UntrustedCount)
        {
            return true;
        }

        // The same name and identifiers are not enough: another key could lie behind them.
        if (!current.Equals(issuer))
        {
            return false;
        }

        UntrustedCount--;
        _chain[^1] = issuer;
        return true;
    }

    // X509_V_OK when the chain has a trusted end, the code of a refusal, or null to go on.
    private int? Trust()
    {
        for (int index = UntrustedCount; index < _chain.Count; index++)
        {
            switch (settings.Store.Judge(_chain[index], settings.TrustedUse))
            {
                case TrustVerdict.Rejected:
                    RefusedDepth = index;
                    return VerifyCode.Rejected;
                case TrustVerdict.Trusted:
                case TrustVerdict.Neutral when _chain[index].IsSelfSigned && IsReadable(_chain[index]):
                    return VerifyCode.Ok;
                default:
                    break;
            }
        }

        if (!settings.Has(VerifyFlags.PartialChain))
        {
            return null;
        }

        return UntrustedCount < _chain.Count ? VerifyCode.Ok : TrustLeaf();
    }

    // With partial chains the leaf itself may be what the store trusts.
    private int? TrustLeaf()
    {
        if (!settings.Store.Contains(_chain[0]))
        {
            return null;
        }

        if (settings.Store.Judge(_chain[0], settings.TrustedUse) == TrustVerdict.Rejected)
        {
            RefusedDepth = 0;
            return VerifyCode.Rejected;
        }

        UntrustedCount = 0;
        return VerifyCode.Ok;
    }

    private static bool IsReadable(Certificate certificate)
        => certificate.Extensions.MalformedOid is null && IssuerMatching.HasReadableKey(certificate);

    private Certificate? FindInStore(Certificate subject)
        => Best(settings.Store.FindBySubject(subject.Issuer), subject);

    private Certificate? FindAmongSent(Certificate subject)
    {
        bool allowRepeat = subject.IsSelfIssued && _chain.Count == 1;
        return Best(sent.Where(candidate => allowRepeat || !_chain.Contains(candidate)), subject);
    }

    // The first that is valid now; failing that, the one that expired last.
    private Certificate? Best(IEnumerable<Certificate> candidates, Certificate subject)
    {
        Certificate? best = null;
        foreach (Certificate candidate in candidates)
        {
            if (IssuerMatching.Check(candidate, subject) != VerifyCode.Ok)
            {
                continue;
            }

            if (ValidityCheck.Check(candidate, settings) == VerifyCode.Ok)
            {
                return candidate;
            }

            if (best is null || candidate.NotAfter.Seconds > best.NotAfter.Seconds)
            {
                best = candidate;
            }
        }

        return best;
    }
}

/// <summary>Whether a certificate is valid at the time of the settings.</summary>
internal static class ValidityCheck
{
    /// <summary>X509_V_OK or what is wrong.</summary>
    public static int Check(Certificate certificate, VerificationSettings settings)
    {
        if (settings.IsTimeless)
        {
            return VerifyCode.Ok;
        }

        // Whole seconds: validity and OpenSSL's clock have no finer ones, and the last second itself is already over.
        long now = settings.Time.ToUnixTimeSeconds();
        return certificate.NotBefore.Comparable is not { } from ? VerifyCode.ErrorInNotBefore
            : from > now ? VerifyCode.NotYetValid
            : certificate.NotAfter.Comparable is not { } to ? VerifyCode.ErrorInNotAfter
            : to <= now ? VerifyCode.HasExpired
            : VerifyCode.Ok;
    }
}
