using SslModule.Engine.Errors;
namespace SslModule.Engine.Certificates;

/// <summary>
/// The nesting of resources (RFC 3779 sections 2.3 and 3.3): a leaf that speaks for addresses or AS numbers must have them from
/// its issuers, each of which must hold what it hands on. A chain whose leaf names none is not looked at.
/// </summary>
internal static class ResourceCheck
{
    private static readonly ResourceFamily[] NoNumbers = [new(ResourceSet.Numbers, []), new(ResourceSet.RoutingDomains, [])];

    /// <summary>The first failure; null when all is well.</summary>
    public static Failure? Check(CertificatePath path)
        => Check(path, extensions => extensions.AutonomousSystemIds, NoNumbers)
            ?? Check(path, extensions => extensions.AddressBlocks, []);

    private static Failure? Check(CertificatePath path, Func<CertificateExtensions, ResourceSet?> select, ResourceFamily[] absent)
    {
        if (select(path.Chain[0].Extensions) is not { } own)
        {
            return null;
        }

        // What is claimed below, by family. Numbers that nobody claims are claimed by whoever names them first.
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

        // A trust anchor has nobody to inherit from. OpenSSL counts one further than the chain is long here.
        ResourceSet? anchor = select(path.Chain[^1].Extensions);
        return anchor?.Families.Any(family => family.Ranges is null && claimed.Any(child => child.Name == family.Name)) == true
            ? new Failure(VerifyCode.UnnestedResource, path.Count)
            : null;
    }
}
