using System.Text;

namespace SslModule.Engine.Errors;

/// <summary>OpenSSL 3.0's numbers, names and texts of errors, as CPython 3.11 has them.</summary>
internal static class OpenSslErrors
{
    // Where OpenSSL 3's error number keeps the library; below it stands the reason.
    private const int LibraryShift = 23;

    // A library's row: its number, its name. Below it a row for each of its reasons: nothing, number, name, text.
    private static readonly EmbeddedTable Table = new("reasons.txt");

    /// <summary>The libraries: <c>_ssl.lib_codes_to_names</c>.</summary>
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

    /// <summary>Every reason: <c>_ssl.err_codes_to_names</c> and, with the last of several of one name, <c>_ssl.err_names_to_codes</c>.</summary>
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

    /// <summary>The number of <paramref name="reason"/> in <paramref name="library"/>; null if there is none.</summary>
    public static int? ReasonCode(string library, string reason)
        => TryFind(library, reason, out _, out TableRow found) ? found.Number(1) : null;

    /// <summary>The whole error number, which an SSLError that no connection raised has as its errno; null if there is none.</summary>
    public static int? ErrorNumber(string library, string reason)
        => TryFind(library, reason, out TableRow high, out TableRow low) ? (high.Number(0) << LibraryShift) | low.Number(1) : null;

    /// <summary>OpenSSL's text for <paramref name="reason"/>; for most, and for one that it does not know, the name in lower case.</summary>
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

/// <summary>A reason of a library of OpenSSL's.</summary>
internal readonly struct ErrorReason(int library, TableRow row)
{
    public int Library => library;

    public int Code => row.Number(1);

    /// <summary>Such as <c>NO_SHARED_CIPHER</c>.</summary>
    public string Name => row.Text(2);

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Name => row[2];
}
