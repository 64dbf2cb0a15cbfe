using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SslModule.Engine.Certificates;

/// <summary>One block of a PEM text (RFC 7468, and the headers of RFC 1421 in old key files).</summary>
/// <param name="Label">The label after BEGIN.</param>
/// <param name="Encryption">The value of the DEK-Info header of encrypted data; null otherwise.</param>
/// <param name="Data">The decoded bytes; null when the block is damaged.</param>
/// <param name="Problem">OpenSSL's reason for rejecting a damaged block; null when it reports none, as for an empty block.</param>
internal sealed record PemBlock(string Label, string? Encryption, byte[]? Data, string? Problem = null);

/// <summary>
/// Reads and writes PEM as OpenSSL does. Works on bytes, because the text often holds a private key: copies are zeroed, and no
/// strings are created.
/// </summary>
internal static class Pem
{
    // After headers or a blank line, every data line but the last must have this length.
    private const int FullLine = 64;

    // OpenSSL reads at most this much of a line at once. A file without line feeds, as on old Macintoshes, therefore has no blocks.
    private const int LongestFirstLine = 254;

    private static readonly SearchValues<byte> BlankOrControl = SearchValues.Create([.. Enumerable.Range(0, ' ' + 1).Select(value => (byte)value)]);

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    private static ReadOnlySpan<byte> Dashes => "-----"u8;

    // A byte order mark. Windows editors write it, and concatenated files have several.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The blocks of <paramref name="text"/> in order, including damaged ones, which most readers must report.</summary>
    public static List<PemBlock> Blocks(ReadOnlySpan<byte> text)
    {
        var blocks = new List<PemBlock>();
        while (NextLine(ref text, out ReadOnlySpan<byte> line))
        {
            while (line.StartsWith(ByteOrderMark))
            {
                line = line[ByteOrderMark.Length..];
            }

            if (line.StartsWith(Begin) && line.EndsWith(Dashes) && line.Length >= Begin.Length + Dashes.Length && line.Length < LongestFirstLine)
            {
                blocks.Add(Body(ref text, line[Begin.Length..^Dashes.Length]));
            }
        }

        return blocks;
    }

    /// <summary>The same for a text without secrets.</summary>
    public static List<PemBlock> Blocks(string text) => Blocks(Encoding.Latin1.GetBytes(text));

    /// <summary>Encodes a block with 64-character lines and a final newline, as OpenSSL does.</summary>
    public static string Encode(string label, ReadOnlySpan<byte> data) => PemEncoding.WriteString(label, data) + "\n";

    private static PemBlock Body(ref ReadOnlySpan<byte> text, scoped ReadOnlySpan<byte> labelBytes)
    {
        string label = Encoding.Latin1.GetString(labelBytes);

        // With a blank line, the lines before the first one are headers; without, all lines are data.
        ReadOnlySpan<byte> body = text;
        int dataStart = 0;
        bool inHeaders = false, behindBlank = false, shortLine = false;
        int consumed = 0;
        while (NextLine(ref text, out ReadOnlySpan<byte> line))
        {
            int start = consumed;
            consumed = body.Length - text.Length;
            if (line.StartsWith(End))
            {
                ReadOnlySpan<byte> rest = line[End.Length..];
                if (rest.Length != labelBytes.Length + Dashes.Length || !rest.StartsWith(labelBytes) || !rest.EndsWith(Dashes))
                {
                    break;
                }

                bool noData = inHeaders && !behindBlank;
                return Finish(label, noData || behindBlank ? body[..dataStart] : default, noData ? default : body[dataStart..start]);
            }

            inHeaders |= !behindBlank && line.Contains((byte)':');
            if (line.IsEmpty)
            {
                if (behindBlank)
                {
                    break;
                }

                behindBlank = true;
                dataStart = consumed;
            }
            else if (behindBlank && !shortLine && line.Length > FullLine)
            {
                return new PemBlock(label, null, null);
            }
            else if (shortLine)
            {
                break;
            }
            else
            {
                shortLine = behindBlank && line.Length < FullLine;
            }
        }

        return new PemBlock(label, null, null, "BAD_END_LINE");
    }

    private static PemBlock Finish(string label, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> lines)
    {
        byte[]? data = Decode(lines, out bool isEmpty);
        if (data is null)
        {
            return new PemBlock(label, null, null, isEmpty ? null : "BAD_BASE64_DECODE");
        }

        if (!NextLine(ref headers, out ReadOnlySpan<byte> type) || type.IsEmpty)
        {
            return new PemBlock(label, null, data);
        }

        // RFC 1421 section 4.6: other headers are not allowed in a key.
        bool encrypted = Value(type, "Proc-Type:"u8) is [(byte)'4', (byte)',', .. var what] && what.TrimStart(" \t"u8).SequenceEqual("ENCRYPTED"u8);
        if (!encrypted)
        {
            CryptographicOperations.ZeroMemory(data);
            return new PemBlock(label, null, null, "NOT_PROC_TYPE");
        }

        return NextLine(ref headers, out ReadOnlySpan<byte> info) && info.StartsWith("DEK-Info:"u8)
            ? new PemBlock(label, Encoding.Latin1.GetString(Value(info, "DEK-Info:"u8)), data)
            : new PemBlock(label, null, null, "NOT_DEK_INFO");
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
        => header.StartsWith(name) ? header[name.Length..].TrimStart(" \t"u8) : default;

    private static byte[]? Decode(ReadOnlySpan<byte> lines, out bool isEmpty)
    {
        // A dash ends the data.
        int dash = lines.IndexOf((byte)'-');
        lines = dash < 0 ? lines : lines[..dash];
        byte[] joined = new byte[lines.Length];
        byte[] decoded = [];
        try
        {
            int length = 0;
            while (NextLine(ref lines, out ReadOnlySpan<byte> line))
            {
                line.CopyTo(joined.AsSpan(length));
                length += line.Length;
            }

            isEmpty = length == 0;
            decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
            return Base64.DecodeFromUtf8(joined.AsSpan(0, length), decoded, out _, out int count) == OperationStatus.Done && count > 0
                ? decoded[..count]
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(joined);
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    // Removes the line end and trailing blanks, tabs and control characters.
    private static bool NextLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        if (text.IsEmpty)
        {
            line = default;
            return false;
        }

        int end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        line = line[..(line.LastIndexOfAnyExcept(BlankOrControl) + 1)];
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }
}
