using System.Globalization;

namespace SslModule.Engine.Errors;

/// <summary>OpenSSL 3.0's numbers, names and texts of errors, as CPython 3.11 has them; parsed when first asked.</summary>
internal static class OpenSslErrors
{
    // Where OpenSSL 3's error number keeps the library; below it stands the reason.
    private const int LibraryShift = 23;

    private static readonly Lazy<Tables> Loaded = new(Tables.Load);

    /// <summary>The libraries: <c>_ssl.lib_codes_to_names</c>.</summary>
    public static IReadOnlyDictionary<int, string> Libraries => Loaded.Value.Libraries;

    /// <summary>Names by library and reason: <c>_ssl.err_codes_to_names</c>.</summary>
    public static IReadOnlyDictionary<(int Library, int Reason), string> Names => Loaded.Value.Names;

    /// <summary>Library and reason by name, the last of several of one name: <c>_ssl.err_names_to_codes</c>.</summary>
    public static IReadOnlyDictionary<string, (int Library, int Reason)> Codes => Loaded.Value.Codes;

    /// <summary>The number of the library <paramref name="name"/>, such as 20 for <c>SSL</c>; null if there is none.</summary>
    public static int? LibraryCode(string name) => Loaded.Value.LibraryCodes.TryGetValue(name, out int code) ? code : null;

    /// <summary>The number of <paramref name="reason"/> in <paramref name="library"/>; null if there is none.</summary>
    public static int? ReasonCode(string library, string reason)
        => Loaded.Value.Reasons.TryGetValue((library, reason), out Reason found) ? found.Code : null;

    /// <summary>The whole error number, which an SSLError that no connection raised has as its errno; null if there is none.</summary>
    public static int? ErrorNumber(string library, string reason)
        => LibraryCode(library) is { } high && ReasonCode(library, reason) is { } low ? (high << LibraryShift) | low : null;

    /// <summary>OpenSSL's text for <paramref name="reason"/>; for most, and for one that it does not know, the name in lower case.</summary>
    public static string Text(string library, string reason)
        => Loaded.Value.Reasons.TryGetValue((library, reason), out Reason found) && found.Text is { } text
            ? text
            : reason.ToLowerInvariant().Replace('_', ' ');

    private readonly record struct Reason(int Code, string? Text);

    private sealed class Tables
    {
        public Dictionary<int, string> Libraries { get; } = [];

        public Dictionary<string, int> LibraryCodes { get; } = new(StringComparer.Ordinal);

        public Dictionary<(int Library, int Reason), string> Names { get; } = [];

        public Dictionary<string, (int Library, int Reason)> Codes { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Library, string Reason), Reason> Reasons { get; } = [];

        public static Tables Load()
        {
            var tables = new Tables();
            int library = 0;
            foreach (string[] row in EmbeddedTable.Rows("reasons.txt"))
            {
                if (row[0].Length > 0)
                {
                    library = int.Parse(row[0], CultureInfo.InvariantCulture);
                    tables.Libraries.Add(library, row[1]);
                    tables.LibraryCodes.Add(row[1], library);
                }
                else
                {
                    int code = int.Parse(row[1], CultureInfo.InvariantCulture);
                    tables.Names.Add((library, code), row[2]);
                    tables.Codes[row[2]] = (library, code);
                    tables.Reasons[(tables.Libraries[library], row[2])] = new Reason(code, row.Length > 3 ? row[3] : null);
                }
            }

            return tables;
        }
    }
}
