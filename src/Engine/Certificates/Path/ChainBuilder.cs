using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>
/// Builds one chain from a leaf towards a trust anchor in OpenSSL's order. Each step searches the store before the certificates
/// that the peer sent, and a certificate from the store is never followed by one from the peer. OpenSSL's other order, without
/// X509_V_FLAG_TRUSTED_FIRST, cannot occur in TLS connections, because its defaults always set the flag.
/// </summary>
internal sealed class ChainBuilder(Certificate leaf, IReadOnlyList<Certificate> sent, VerificationSettings settings)
{
    private readonly List<Certificate> _chain = [leaf];

    /// <summary>The chain, leaf first.</summary>
    public List<Certificate> Chain => _chain;

    /// <summary>The number of certificates at the front that the peer sent.</summary>
    public int UntrustedCount { get; private set; } = 1;

    /// <summary>The certificate rejected by its trust settings; null to report the last one.</summary>
    public int? RefusedDepth { get; private set; }

    /// <summary>Builds the chain; returns X509_V_OK or the code for why no trust anchor was found.</summary>
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
                    // OpenSSL reports an internal error here, because it cannot determine whether the certificate is self-signed.
                    return VerifyCode.Unspecified;
                }

                if (Append(current, trusted, ref selfSigned))
                {
                    lookInSent = false;
                    if (CheckTrust() is { } verdict)
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

        if (_chain.Count <= limit && _chain.Count == UntrustedCount && CheckTrust() is { } last)
        {
            return last;
        }

        return _chain.Count > limit ? VerifyCode.ChainTooLong
            : selfSigned ? (_chain.Count == 1 ? VerifyCode.DepthZeroSelfSigned : VerifyCode.SelfSignedInChain)
            : UntrustedCount < _chain.Count ? VerifyCode.UnableToGetIssuer
            : VerifyCode.UnableToGetIssuerLocally;
    }

    /// <summary>Adds a trusted issuer, or replaces a self-signed end by its trusted copy; false when they differ.</summary>
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

        // Equal names and identifiers do not suffice: the key could differ.
        if (!current.Equals(issuer))
        {
            return false;
        }

        UntrustedCount--;
        _chain[^1] = issuer;
        return true;
    }

    // X509_V_OK at a trust anchor, the code of a rejection, or null to continue.
    private int? CheckTrust()
    {
        for (int index = UntrustedCount; index < _chain.Count; index++)
        {
            switch (settings.Store.GetTrust(_chain[index], settings.TrustedUse))
            {
                case TrustDecision.Rejected:
                    RefusedDepth = index;
                    return VerifyCode.Rejected;
                case TrustDecision.Trusted:
                case TrustDecision.Neutral when _chain[index].IsSelfSigned && IsReadable(_chain[index]):
                    return VerifyCode.Ok;
                default:
                    break;
            }
        }

        if (!settings.Has(VerifyFlags.PartialChain))
        {
            return null;
        }

        return UntrustedCount < _chain.Count ? VerifyCode.Ok : CheckLeafTrust();
    }

    // With partial chains the leaf itself may be a trust anchor.
    private int? CheckLeafTrust()
    {
        if (!settings.Store.Contains(_chain[0]))
        {
            return null;
        }

        if (settings.Store.GetTrust(_chain[0], settings.TrustedUse) == TrustDecision.Rejected)
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

    // Prefers the first candidate that is valid now, else the one that expired last.
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

/// <summary>Checks the validity period at the verification time.</summary>
internal static class ValidityCheck
{
    /// <summary>X509_V_OK or the code of the failure.</summary>
    public static int Check(Certificate certificate, VerificationSettings settings)
    {
        if (settings.SkipsValidity)
        {
            return VerifyCode.Ok;
        }

        // Compare whole seconds, as OpenSSL does. The second of notAfter itself already counts as expired.
        long now = settings.Time.ToUnixTimeSeconds();
        return certificate.NotBefore.StrictSeconds is not { } from ? VerifyCode.ErrorInNotBefore
            : from > now ? VerifyCode.NotYetValid
            : certificate.NotAfter.StrictSeconds is not { } to ? VerifyCode.ErrorInNotAfter
            : to <= now ? VerifyCode.HasExpired
            : VerifyCode.Ok;
    }
}
