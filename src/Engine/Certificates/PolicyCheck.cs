namespace SslModule.Engine.Certificates;

/// <summary>
/// Certificate policies (RFC 5280 section 6.1) for a caller that accepts no policy in particular, as every TLS connection is:
/// a chain that requires an explicit policy then never has one, and a policy extension that contradicts itself is refused.
/// Policies are looked at only when a flag asks for it.
/// </summary>
internal static class PolicyCheck
{
    private const VerifyFlags Asked = VerifyFlags.PolicyCheck | VerifyFlags.ExplicitPolicy | VerifyFlags.InhibitAny | VerifyFlags.InhibitMap;

    /// <summary>The first failure; null when all is well or nothing was asked.</summary>
    public static Failure? Check(CertificatePath path)
    {
        // The trust anchor is no part of the path whose policies count.
        int last = path.Count - 2;
        if (!path.Settings.Has(Asked) || path.Settings.IsCrlPath || last < 0)
        {
            return null;
        }

        for (int depth = 0; depth <= last; depth++)
        {
            if (path.Chain[depth].Extensions.HasMalformedPolicy)
            {
                return new Failure(VerifyCode.InvalidPolicyExtension, depth);
            }
        }

        return RequiresExplicit(path, last) ? new Failure(VerifyCode.NoExplicitPolicy, 0) : null;
    }

    // requireExplicitPolicy counts certificates down from where it stands; one that issued itself does not count.
    private static bool RequiresExplicit(CertificatePath path, int last)
    {
        int left = path.Settings.Has(VerifyFlags.ExplicitPolicy) ? 0 : path.Count;
        for (int depth = last; depth >= 0 && left > 0; depth--)
        {
            left -= path.Chain[depth].IsSelfIssued ? 0 : 1;
            if (path.Chain[depth].Extensions.PolicyConstraints?.RequireExplicitPolicy is { } skip && skip < left)
            {
                left = skip;
            }
        }

        return left == 0;
    }
}
