using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using SslModule.Engine.Errors;

namespace SslModule.Engine.Oids;

/// <summary>OpenSSL 3.0's whole table of objects.</summary>
internal static class ObjectIdentifiers
{
    // CPython prints no more of an unknown text.
    private const int LongestQuote = 100;

    // Number, short name, long name ("=": the short one), identifier.
    private static readonly EmbeddedTable Objects = new("objects.txt");

    // What was found by its identifier: certificates name the same few again and again. What is not in the table is not kept.
    private static readonly ConcurrentDictionary<string, OidEntry> Found = new(StringComparer.Ordinal);

    public static IEnumerable<OidEntry> All => Objects.Rows.Select(Entry);

    public static bool TryByNid(int nid, [MaybeNullWhen(false)] out OidEntry entry)
    {
        Span<byte> digits = stackalloc byte[11];
        Utf8Formatter.TryFormat(nid, digits, out int length);
        return TryFind(0, digits[..length], out entry);
    }

    /// <summary>Finds a dotted identifier in its canonical form, such as <c>2.5.4.3</c>. Of two objects with one, the first has it.</summary>
    public static bool TryByOid(string oid, [MaybeNullWhen(false)] out OidEntry entry)
    {
        if (!Found.TryGetValue(oid, out entry) && TryFind(3, Encoding.UTF8.GetBytes(oid), out entry))
        {
            Found.TryAdd(oid, entry);
        }

        return entry is not null;
    }

    /// <summary>Finds a short name or else a long name; case matters. Of two objects with one, the first has it.</summary>
    public static bool TryByName(string name, [MaybeNullWhen(false)] out OidEntry entry)
    {
        entry = null;
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return name != "=" && (TryFind(1, bytes, out entry) || TryFind(2, bytes, out entry));
    }

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
