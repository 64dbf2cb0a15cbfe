using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Oids;

/// <summary>OpenSSL 3.0's whole table of objects, parsed when first asked.</summary>
internal static class ObjectIdentifiers
{
    // CPython prints no more of an unknown text.
    private const int LongestQuote = 100;

    private static readonly Lazy<Table> Objects = new(Table.Load);

    public static IReadOnlyCollection<OidEntry> All => Objects.Value.ByNid.Values;

    public static bool TryByNid(int nid, [MaybeNullWhen(false)] out OidEntry entry) => Objects.Value.ByNid.TryGetValue(nid, out entry);

    /// <summary>Finds a dotted identifier in its canonical form, such as <c>2.5.4.3</c>.</summary>
    public static bool TryByOid(string oid, [MaybeNullWhen(false)] out OidEntry entry) => Objects.Value.ByOid.TryGetValue(oid, out entry);

    /// <summary>Finds a short name or else a long name; case matters.</summary>
    public static bool TryByName(string name, [MaybeNullWhen(false)] out OidEntry entry)
        => Objects.Value.ByShortName.TryGetValue(name, out entry) || Objects.Value.ByLongName.TryGetValue(name, out entry);

    /// <summary>What <c>_ssl.nid2obj</c> answers.</summary>
    /// <exception cref="TlsError">There is no such object (ValueError, in CPython's words).</exception>
    public static OidEntry FromNid(int nid)
    {
        if (nid < 0)
        {
            throw TlsError.Value("NID must be positive.");
        }

        if (TryByNid(nid, out OidEntry? entry))
        {
            return entry;
        }

        // Number 0 is OpenSSL's object for "none of them", which CPython tells from a number that is not given out.
        throw TlsError.Value(nid == 0 ? "Unknown object" : string.Create(CultureInfo.InvariantCulture, $"unknown NID {nid}"));
    }

    /// <summary>What <c>_ssl.txt2obj</c> answers: <paramref name="text"/> is dotted, or a name too if <paramref name="name"/> says so.</summary>
    /// <exception cref="TlsError">It is neither, or an identifier without a name (ValueError, in CPython's words).</exception>
    public static OidEntry FromText(string text, bool name)
    {
        if (name && TryByName(text, out OidEntry? named))
        {
            return named;
        }

        string oid = DottedText.Normalize(text)
            ?? throw TlsError.Value($"unknown object '{(text.Length <= LongestQuote ? text : text[..LongestQuote])}'");
        return TryByOid(oid, out OidEntry? entry) ? entry : throw TlsError.Value("Unknown object");
    }

    private sealed class Table
    {
        public SortedDictionary<int, OidEntry> ByNid { get; } = [];

        public Dictionary<string, OidEntry> ByOid { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, OidEntry> ByShortName { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, OidEntry> ByLongName { get; } = new(StringComparer.Ordinal);

        public static Table Load()
        {
            var table = new Table();
            foreach (string[] row in EmbeddedTable.Rows("objects.txt"))
            {
                string longName = row[2] == "=" ? row[1] : row[2];
                var entry = new OidEntry(int.Parse(row[0], CultureInfo.InvariantCulture), row[1], longName, row.Length > 3 ? row[3] : null);
                table.Add(entry);
            }

            return table;
        }

        // Two objects share a name and two share an identifier; as in OpenSSL, the first one has it.
        private void Add(OidEntry entry)
        {
            ByNid.Add(entry.Nid, entry);
            ByShortName.TryAdd(entry.ShortName, entry);
            ByLongName.TryAdd(entry.LongName, entry);
            if (entry.Oid is { } oid)
            {
                ByOid.TryAdd(oid, entry);
            }
        }
    }
}
