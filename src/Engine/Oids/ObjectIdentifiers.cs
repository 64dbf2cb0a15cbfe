using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Oids;

/// <summary>OpenSSL 3.6's object table.</summary>
internal static class ObjectIdentifiers
{
    // CPython truncates an unknown text to this length in its message.
    private const int LongestQuote = 100;

    // Columns: NID, short name, long name ("=" when equal to the short name), identifier.
    private static readonly EmbeddedTable Objects = new("objects.txt");

    // Cache of lookups by identifier, because certificates repeat a few. Unknown identifiers are not cached.
    private static readonly ConcurrentDictionary<string, OidEntry> Cache = new(StringComparer.Ordinal);

    public static IEnumerable<OidEntry> All => Objects.Rows.Select(Entry);

    public static bool TryByNid(int nid, [MaybeNullWhen(false)] out OidEntry entry)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(nid, digits, out int length);
        return TryFind(0, digits[..length], out entry);
    }

    /// <summary>
    /// Finds a dotted identifier in its canonical form, such as <c>2.5.4.3</c>. When two objects share it, the first is
    /// returned.
    /// </summary>
    public static bool TryByOid(string oid, [MaybeNullWhen(false)] out OidEntry entry)
    {
        if (!Cache.TryGetValue(oid, out entry) && TryFind(3, Encoding.UTF8.GetBytes(oid), out entry))
        {
            Cache.TryAdd(oid, entry);
        }

        return entry is not null;
    }

    /// <summary>Finds an object by short name, then by long name; case-sensitive. When two objects share a name, the first is returned.</summary>
    public static bool TryByName(string name, [MaybeNullWhen(false)] out OidEntry entry)
    {
        entry = null;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return name != "=" && (TryFind(1, bytes, out entry) || TryFind(2, bytes, out entry));
    }

    /// <summary>Implements <c>_ssl.nid2obj</c>.</summary>
    /// <exception cref="TlsError">There is no such object (ValueError with CPython's message).</exception>
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

        // NID 0 is OpenSSL's undefined object. CPython reports it differently from an unassigned NID.
        throw TlsError.Value(nid == 0 ? "Unknown object" : string.Create(CultureInfo.InvariantCulture, $"unknown NID {nid}"));
    }

    /// <summary>
    /// Implements <c>_ssl.txt2obj</c>: <paramref name="text"/> is a dotted identifier or, when <paramref name="name"/> is true,
    /// also a name.
    /// </summary>
    /// <exception cref="TlsError">The text is neither, or names an unknown identifier (ValueError with CPython's message).</exception>
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

    private static bool TryFind(int column, ReadOnlySpan<byte> cell, [MaybeNullWhen(false)] out OidEntry entry)
    {
        entry = Objects.TryFind(column, cell, out TableRow row) ? Entry(row) : null;
        return entry is not null;
    }

    private static OidEntry Entry(TableRow row) => new(
        row.Number(0),
        row.Text(1),
        row.Text(row[2].SequenceEqual("="u8) ? 1 : 2),
        row[3].IsEmpty ? null : row.Text(3));
}
