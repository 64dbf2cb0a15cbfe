using System.Security.Cryptography;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>One block of a PEM text (RFC 7468, and the headers of RFC 1421 that old keys carry).</summary>
/// <param name="Label">The words after BEGIN.</param>
/// <param name="Headers">"Name: value" lines before the data, such as DEK-Info.</param>
/// <param name="Data">The decoded bytes; null when the block is damaged.</param>
internal sealed record PemBlock(string Label, IReadOnlyDictionary<string, string> Headers, byte[]? Data);

/// <summary>Reads and writes PEM text. Text outside blocks is skipped, as OpenSSL skips it.</summary>
internal static class Pem
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";
    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>
    /// The blocks of <paramref name="text"/> in order. A damaged block is given with null data and ends the list: what comes
    /// after it cannot be trusted to be framed.
    /// </summary>
    public static IReadOnlyList<PemBlock> Blocks(string text)
    {
        var blocks = new List<PemBlock>();
        ReadOnlySpan<char> rest = text;
        while (NextLine(ref rest, out ReadOnlySpan<char> line))
        {
            if (Label(line, Begin) is { } label)
            {
                PemBlock block = Body(ref rest, label);
                blocks.Add(block);
                if (block.Data is null)
                {
                    break;
                }
            }
        }

        return blocks;
    }

    /// <summary>A block of 64-character lines with a final newline, as OpenSSL writes it.</summary>
    public static string Encode(string label, ReadOnlySpan<byte> data) => PemEncoding.WriteString(label, data) + "\n";

    private static PemBlock Body(ref ReadOnlySpan<char> rest, string label)
    {
        var body = new StringBuilder();
        Dictionary<string, string>? headers = null;
        string? headerName = null;
        bool inHeaders = true;
        while (NextLine(ref rest, out ReadOnlySpan<char> line))
        {
            if (Label(line, End) is { } ended)
            {
                return new PemBlock(label, headers ?? NoHeaders, ended == label ? Decode(body) : null);
            }

            int colon = inHeaders ? line.IndexOf(':') : -1;
            if (colon > 0)
            {
                headerName = line[..colon].ToString();
                (headers ??= [])[headerName] = line[(colon + 1)..].Trim().ToString();
            }
            else if (inHeaders && headerName is not null && line is [' ' or '\t', ..])
            {
                headers![headerName] += line.Trim().ToString();
            }
            else
            {
                // The first line that is no header ends them; the blank line between headers and data counts as one.
                inHeaders = false;
                body.Append(line);
            }
        }

        return new PemBlock(label, headers ?? NoHeaders, null);
    }

    private static byte[]? Decode(StringBuilder body)
    {
        var decoded = new byte[(body.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(body.ToString(), decoded, out int count) ? decoded[..count] : null;
    }

    private static string? Label(ReadOnlySpan<char> line, string marker)
    {
        line = line.TrimEnd();
        return line.StartsWith(marker, StringComparison.Ordinal) && line.EndsWith(Dashes, StringComparison.Ordinal) && line.Length > marker.Length + Dashes.Length
            ? line[marker.Length..^Dashes.Length].ToString()
            : null;
    }

    private static bool NextLine(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> line)
    {
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }

        int end = rest.IndexOf('\n');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return true;
    }
}
