using System.Formats.Asn1;

namespace SslModule.Engine.Certificates;

/// <summary>DistributionPointName (RFC 5280 section 4.2.1.13): full names, or a name relative to the CRL issuer.</summary>
/// <param name="FullNames">The full names; null for a relative name.</param>
/// <param name="RelativeName">The relative part; null for full names.</param>
internal sealed record DistributionPointName(IReadOnlyList<GeneralName>? FullNames, IReadOnlyList<NameValue>? RelativeName)
{
    /// <summary>The completed relative name; null for full names.</summary>
    public DistinguishedName? Resolved { get; private init; }

    /// <summary>Parses the content of its tag [0].</summary>
    public static DistributionPointName Read(AsnReader reader)
    {
        AsnReader choice = reader.ReadSequence(Asn1.Context(0, constructed: true));
        DistributionPointName name = Asn1.NextIs(choice, 0)
            ? new(GeneralName.ReadAll(choice.ReadSequence(Asn1.Context(0, constructed: true))), null)
            : new(null, DistinguishedName.RelativeName(choice.ReadSetOf(skipSortOrderValidation: true, Asn1.Context(1, constructed: true))));
        choice.ThrowIfNotEmpty();
        return name;
    }

    /// <summary>Completes a relative name with the name of <paramref name="issuer"/>.</summary>
    public DistributionPointName CompleteWith(DistinguishedName issuer)
        => RelativeName is null ? this : this with { Resolved = DistinguishedName.Extend(issuer, RelativeName) };

    /// <summary>True when both have a name in common.</summary>
    public bool SharesNameWith(DistributionPointName other)
    {
        if (Resolved is { } mine)
        {
            return other.Resolved is { } theirs ? mine.Equals(theirs) : Names(other, mine);
        }

        return other.Resolved is { } relative
            ? Names(this, relative)
            : FullNames is not null && FullNames.Any(name => other.FullNames?.Any(name.IsSame) == true);
    }

    private static bool Names(DistributionPointName point, DistinguishedName name)
        => point.FullNames?.Any(candidate => candidate.Directory?.Equals(name) == true) == true;
}
