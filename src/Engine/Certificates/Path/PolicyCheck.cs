using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>
/// Certificate policies (RFC 5280 section 6.1) without an acceptable policy set, which TLS connections cannot configure. A chain
/// that requires an explicit policy therefore fails, and so does an invalid policy extension. Policies are checked only when a
/// flag requests it.
/// </summary>
internal static class PolicyCheck
{
    private const VerifyFlags PolicyFlags = VerifyFlags.PolicyCheck | VerifyFlags.ExplicitPolicy | VerifyFlags.InhibitAny | VerifyFlags.InhibitMap;

    /// <summary>The first failure; null when there is none or the check is disabled.</summary>
    public static Failure? Check(CertificatePath path)
    {
        // The trust anchor is not part of the path for policy processing.
        int last = path.Count - 2;
        if (!path.Settings.Has(PolicyFlags) || path.Settings.IsCrlPath || last < 0)
        {
            return null;
        }

        // requireExplicitPolicy counts certificates below it that are not self-issued.
        int left = path.Settings.Has(VerifyFlags.ExplicitPolicy) ? 0 : path.Count;
        bool empty = false;
        for (int depth = last; depth >= 0 && (left > 0 || !empty); depth--)
        {
            CertificateExtensions extensions = path.Chain[depth].Extensions;
            if (extensions.HasMalformedPolicy)
            {
                return new Failure(VerifyCode.InvalidPolicyExtension, FindMalformed(path));
            }

            // Without a certificatePolicies extension the valid policy tree is empty, also for all certificates below.
            empty |= extensions.Policies is not { Count: > 0 };
            left -= left == 0 || path.Chain[depth].IsSelfIssued ? 0 : 1;
            if (extensions.PolicyConstraints?.RequireExplicitPolicy is { } skip && skip < left)
            {
                left = skip;
            }
        }

        return left == 0 ? new Failure(VerifyCode.NoExplicitPolicy, 0) : null;
    }

    private static int FindMalformed(CertificatePath path)
    {
        int depth = 0;
        while (!path.Chain[depth].Extensions.HasMalformedPolicy)
        {
            depth++;
        }

        return depth;
    }
}
