using System.Text;

namespace SslModule.Engine.Errors;

/// <summary>OpenSSL 3.0's error codes, names and texts, as CPython 3.11 has them.</summary>
internal static class OpenSslErrors
{
    // OpenSSL 3 packs an error code as library (upper bits) and reason (lower bits).
    private const int LibraryShift = 23;

    // A library row holds its code and name. The rows after it are its reasons: an empty column, code, name, text.
    private static readonly EmbeddedTable Table = new("reasons.txt");

    /// <summary>The library names by code: <c>_ssl.lib_codes_to_names</c>.</summary>
    public static IEnumerable<(int Code, string Name)> Libraries
    {
        get
        {
            foreach (TableRow row in Table.Rows)
            {
                if (IsLibrary(row))
                {
                    yield return (row.Number(0), row.Text(1));
                }
            }
        }
    }

    /// <summary>All reasons: <c>_ssl.err_codes_to_names</c> and, where names repeat, the last one for <c>_ssl.err_names_to_codes</c>.</summary>
    public static IEnumerable<ErrorReason> Reasons
    {
        get
        {
            int library = 0;
            foreach (TableRow row in Table.Rows)
            {
                if (IsLibrary(row))
                {
                    library = row.Number(0);
                }
                else
                {
                    yield return new ErrorReason(library, row);
                }
            }
        }
    }

    /// <summary>The code of <paramref name="reason"/> in <paramref name="library"/>; null when there is none.</summary>
    public static int? ReasonCode(string library, string reason)
        => TryFind(library, reason, out _, out TableRow found) ? found.Number(1) : null;

    /// <summary>The packed error code, which is the errno of an SSLError raised outside a connection; null when there is none.</summary>
    public static int? ErrorNumber(string library, string reason)
        => TryFind(library, reason, out TableRow high, out TableRow low) ? (high.Number(0) << LibraryShift) | low.Number(1) : null;

    /// <summary>OpenSSL's text for <paramref name="reason"/>; for most reasons, and for unknown ones, the name in lower case.</summary>
    public static string Text(string library, string reason)
        => TryFind(library, reason, out _, out TableRow found) && !found[3].IsEmpty
            ? found.Text(3)
            : reason.ToLowerInvariant().Replace('_', ' ');

    private static bool IsLibrary(TableRow row) => !row[0].IsEmpty;

    private static bool TryFind(string library, string reason, out TableRow libraryRow, out TableRow reasonRow)
    {
        reasonRow = default;
        return Table.TryFind(1, Encoding.UTF8.GetBytes(library), out libraryRow) && IsLibrary(libraryRow)
            && Table.TryFindBelow(libraryRow, 2, Encoding.UTF8.GetBytes(reason), out reasonRow);
    }
}

/// <summary>A reason of an OpenSSL library.</summary>
internal readonly struct ErrorReason(int library, TableRow row)
{
    public int Library => library;

    public int Code => row.Number(1);

    /// <summary>The name, such as <c>NO_SHARED_CIPHER</c>.</summary>
    public string Name => row.Text(2);

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => row[2];
}
