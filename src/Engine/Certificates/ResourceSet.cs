using System.Formats.Asn1;
using System.Numerics;

namespace SslModule.Engine.Certificates;

/// <summary>An inclusive range of addresses or numbers.</summary>
internal readonly record struct ResourceRange(BigInteger First, BigInteger Last)
{
    /// <summary>True when an address is longer than its family allows.</summary>
    public static readonly ResourceRange Unreadable = new(BigInteger.MinusOne, BigInteger.MinusOne);

    /// <summary>True when <paramref name="other"/> lies in this range.</summary>
    public bool Covers(ResourceRange other) => First <= other.First && other.Last <= Last && other != Unreadable;
}

/// <summary>The resources of one family: an address family, AS numbers or routing domain identifiers.</summary>
/// <param name="Name">The family; names sort in the order that the extension requires.</param>
/// <param name="Ranges">The ranges; null when inherited from the issuer.</param>
internal sealed record ResourceFamily(string Name, IReadOnlyList<ResourceRange>? Ranges)
{
    /// <summary>True when each of <paramref name="child"/>'s ranges lies in one of these.</summary>
    public bool Covers(ResourceFamily child) => child.Ranges!.All(range => Ranges!.Any(own => own.Covers(range)));
}

/// <summary>The IP address blocks or AS numbers of a certificate (RFC 3779).</summary>
/// <param name="Families">The families, each once.</param>
/// <param name="IsCanonical">True when families and ranges are sorted, disjoint and minimal (section 2.2.3).</param>
internal sealed record ResourceSet(IReadOnlyList<ResourceFamily> Families, bool IsCanonical)
{
    /// <summary>AS numbers.</summary>
    public const string Numbers = "asnum";

    /// <summary>Routing domain identifiers.</summary>
    public const string RoutingDomains = "rdi";

    /// <summary>The family <paramref name="name"/>; null when absent.</summary>
    public ResourceFamily? Find(string name) => Families.FirstOrDefault(family => family.Name == name);

    /// <summary>Parses IPAddrBlocks (section 2.2.3.1).</summary>
    public static ResourceSet ReadAddresses(AsnReader blocks)
    {
        var families = new List<ResourceFamily>();
        bool canonical = true;
        while (blocks.HasData)
        {
            AsnReader block = blocks.ReadSequence();
            byte[] family = block.ReadOctetString();
            int size = family is [0, 1, ..] ? 4 : family is [0, 2, ..] ? 16 : 0;
            bool known = family.Length is 2 or 3;
            IReadOnlyList<ResourceRange>? ranges = ReadChoice(block, item => ReadAddress(item, size * 8, ref canonical));
            block.ThrowIfNotEmpty();
            string name = Convert.ToHexString(family);
            canonical &= known && IsInOrder(ranges) && (families.Count == 0 || string.CompareOrdinal(families[^1].Name, name) < 0);
            families.Add(new ResourceFamily(name, ranges));
        }

        return new ResourceSet(families, canonical);
    }

    /// <summary>Parses ASIdentifiers (section 3.2.3.1).</summary>
    public static ResourceSet ReadNumbers(AsnReader fields)
    {
        var families = new List<ResourceFamily>();
        bool canonical = true;
        foreach ((int tag, string name) in (ReadOnlySpan<(int, string)>)[(0, Numbers), (1, RoutingDomains)])
        {
            if (Asn1.NextIs(fields, tag))
            {
                AsnReader wrapper = fields.ReadSequence(Asn1.Context(tag, constructed: true));
                IReadOnlyList<ResourceRange>? ranges = ReadChoice(wrapper, ReadNumber);
                wrapper.ThrowIfNotEmpty();
                canonical &= IsInOrder(ranges);
                families.Add(new ResourceFamily(name, ranges));
            }
        }

        fields.ThrowIfNotEmpty();
        return new ResourceSet(families, canonical);
    }

    private static List<ResourceRange>? ReadChoice(AsnReader reader, Func<AsnReader, ResourceRange> read)
    {
        if (reader.PeekTag() == Asn1Tag.Null)
        {
            reader.ReadNull();
            return null;
        }

        AsnReader items = reader.ReadSequence();
        var ranges = new List<ResourceRange>();
        while (items.HasData)
        {
            ranges.Add(read(items));
        }

        return ranges;
    }

    private static ResourceRange ReadAddress(AsnReader reader, int bits, ref bool canonical)
    {
        if (reader.PeekTag() == Asn1Tag.PrimitiveBitString)
        {
            return ReadPrefix(reader, bits);
        }

        AsnReader ends = reader.ReadSequence();
        ResourceRange from = ReadPrefix(ends, bits), to = ReadPrefix(ends, bits);
        ends.ThrowIfNotEmpty();
        canonical &= from != ResourceRange.Unreadable && to != ResourceRange.Unreadable;
        BigInteger low = from.First, high = to.Last;

        // A range that is a prefix must be encoded as a prefix.
        BigInteger differing = low ^ high;
        canonical &= !(differing & (differing + 1)).IsZero || !(low & differing).IsZero;
        return new ResourceRange(low, high);
    }

    // The range of addresses with a prefix.
    private static ResourceRange ReadPrefix(AsnReader reader, int bits)
    {
        (byte[] prefix, int unused) = Asn1.ReadBits(reader);
        int free = bits - (prefix.Length * 8) + unused;
        if (prefix.Length * 8 > bits)
        {
            return ResourceRange.Unreadable;
        }

        BigInteger first = (new BigInteger(prefix, isUnsigned: true, isBigEndian: true) >> unused) << free;
        return new ResourceRange(first, first | ((BigInteger.One << free) - 1));
    }

    private static ResourceRange ReadNumber(AsnReader reader)
    {
        if (reader.PeekTag() == Asn1Tag.Integer)
        {
            BigInteger number = reader.ReadInteger();
            return new ResourceRange(number, number);
        }

        AsnReader ends = reader.ReadSequence();
        var range = new ResourceRange(ends.ReadInteger(), ends.ReadInteger());
        ends.ThrowIfNotEmpty();
        return range;
    }

    // Ranges must be ascending, disjoint and nonempty. An invalid prefix fails only here, as in OpenSSL.
    private static bool IsInOrder(IReadOnlyList<ResourceRange>? ranges)
    {
        if (ranges is null)
        {
            return true;
        }

        for (int index = 0; index < ranges.Count; index++)
        {
            bool compared = index > 0 || ranges.Count > 1;
            if (ranges[index].First > ranges[index].Last || (compared && ranges[index] == ResourceRange.Unreadable)
                || (index > 0 && ranges[index - 1].Last + 1 >= ranges[index].First))
            {
                return false;
            }
        }

        return ranges.Count > 0;
    }
}
