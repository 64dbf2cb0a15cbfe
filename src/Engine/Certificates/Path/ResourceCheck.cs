using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>
/// The nesting of IP address and AS number resources (RFC 3779 sections 2.3 and 3.3): each issuer must hold the resources of the
/// certificates below it. A chain whose leaf has no resources is not checked.
/// </summary>
internal static class ResourceCheck
{
    private static readonly ResourceFamily[] NoNumbers = [new(ResourceSet.Numbers, []), new(ResourceSet.RoutingDomains, [])];

    /// <summary>The first failure; null when there is none.</summary>
    public static Failure? Check(CertificatePath path)
        => Check(path, extensions => extensions.AutonomousSystemIds, NoNumbers)
            ?? Check(path, extensions => extensions.AddressBlocks, []);

    private static Failure? Check(CertificatePath path, Func<CertificateExtensions, ResourceSet?> select, ResourceFamily[] absent)
    {
        if (select(path.Chain[0].Extensions) is not { } own)
        {
            return null;
        }

        // The resources claimed below, by family. A family that is not claimed below is taken from the first issuer that has it.
        ResourceFamily[] claimed = [.. own.Families, .. absent.Where(family => own.Find(family.Name) is null)];
        for (int depth = 0; depth < path.Count; depth++)
        {
            ResourceSet? holder = select(path.Chain[depth].Extensions);
            if (holder is { IsCanonical: false })
            {
                return new Failure(VerifyCode.InvalidExtension, depth);
            }

            for (int index = 0; depth > 0 && index < claimed.Length; index++)
            {
                ResourceFamily child = claimed[index];
                ResourceFamily? held = holder?.Find(child.Name);
                if (held is null ? child.Ranges is { Count: > 0 } : held.Ranges is not null && child.Ranges is not null && !held.Covers(child))
                {
                    return new Failure(VerifyCode.UnnestedResource, depth);
                }

                claimed[index] = held?.Ranges is null ? child : held;
            }
        }

        // A trust anchor must not inherit. OpenSSL reports the depth as one more than that of the last certificate.
        ResourceSet? anchor = select(path.Chain[^1].Extensions);
        return anchor?.Families.Any(family => family.Ranges is null && claimed.Any(child => child.Name == family.Name)) == true
            ? new Failure(VerifyCode.UnnestedResource, path.Count)
            : null;
    }
}
