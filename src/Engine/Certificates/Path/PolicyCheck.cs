using SslModule.Engine.Errors;
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

        // requireExplicitPolicy counts certificates down from where it stands; one that issued itself does not count.
        int left = path.Settings.Has(VerifyFlags.ExplicitPolicy) ? 0 : path.Count;
        bool empty = false;
        for (int depth = last; depth >= 0 && (left > 0 || !empty); depth--)
        {
            CertificateExtensions extensions = path.Chain[depth].Extensions;
            if (extensions.HasMalformedPolicy)
            {
                return new Failure(VerifyCode.InvalidPolicyExtension, FirstMalformed(path));
            }

            // A certificate without policies is valid under none, and so is everything below it.
            empty |= extensions.Policies is not { Count: > 0 };
            left -= left == 0 || path.Chain[depth].IsSelfIssued ? 0 : 1;
            if (extensions.PolicyConstraints?.RequireExplicitPolicy is { } skip && skip < left)
            {
                left = skip;
            }
        }

        return left == 0 ? new Failure(VerifyCode.NoExplicitPolicy, 0) : null;
    }

    private static int FirstMalformed(CertificatePath path)
    {
        int depth = 0;
        while (!path.Chain[depth].Extensions.HasMalformedPolicy)
        {
            depth++;
        }

        return depth;
    }
}
