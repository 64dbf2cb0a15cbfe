namespace SslModule.Engine;

/// <summary>
/// A table of facts that is embedded in the assembly as text: a row per line, columns between tabs, <c>#</c> before a comment.
/// </summary>
/// <remarks>It stays text, and a row is found by searching: most programs ask for a handful of rows, and all of them start.</remarks>
internal sealed class EmbeddedTable
{
    private readonly byte[] _text;

    public EmbeddedTable(string resource)
    {
        using Stream stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException("the assembly lacks a resource", resource);
        _text = new byte[stream.Length];
        stream.ReadExactly(_text);
    }

    /// <summary>All rows in order.</summary>
    public IEnumerable<TableRow> Rows
    {
        get
        {
            for (int at = 0; at < _text.Length;)
            {
                TableRow row = RowAt(at);
                at = row.End + 1;
                if (!row.IsComment)
                {
                    yield return row;
                }
            }
        }
    }

    /// <summary>The first row whose <paramref name="column"/> holds just <paramref name="cell"/>.</summary>
    public bool TryFind(int column, ReadOnlySpan<byte> cell, out TableRow row) => TryFind(column, cell, 0, _text.Length, out row);

    /// <summary>The same among the rows below <paramref name="head"/> whose first column is empty.</summary>
    public bool TryFindBelow(TableRow head, int column, ReadOnlySpan<byte> cell, out TableRow row)
    {
        int end = head.End;
        while (end < _text.Length - 1 && _text[end + 1] == '\t')
        {
            end = RowAt(end + 1).End;
        }

        return TryFind(column, cell, head.End, end, out row);
    }

    private bool TryFind(int column, ReadOnlySpan<byte> cell, int start, int end, out TableRow row)
    {
        for (int at = start, found; !cell.IsEmpty && (found = _text.AsSpan(at, end - at).IndexOf(cell)) >= 0; at += found + 1)
        {
            int position = at + found;
            row = RowAt(_text.AsSpan(0, position).LastIndexOf((byte)'\n') + 1);
            if (!row.IsComment && row[column].SequenceEqual(cell))
            {
                return true;
            }
        }

        row = default;
        return false;
    }

    private TableRow RowAt(int start)
    {
        int length = _text.AsSpan(start).IndexOf((byte)'\n');
        return new TableRow(_text, start, length < 0 ? _text.Length : start + length);
    }
}

/// <summary>A row of an <see cref="EmbeddedTable"/>.</summary>
internal readonly struct TableRow(byte[] text, int start, int end)
{
    /// <summary>Where the row ends in the table's text.</summary>
    public int End => end;

    public bool IsComment => start == end || text[start] == '#';

    /// <summary>A cell's bytes; empty where the row has fewer columns.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            ReadOnlySpan<byte> rest = text.AsSpan(start, end - start);
            for (; column > 0; column--)
            {
                int tab = rest.IndexOf((byte)'\t');
                if (tab < 0)
                {
                    return [];
                }

                rest = rest[(tab + 1)..];
            }

            int length = rest.IndexOf((byte)'\t');
            return length < 0 ? rest : rest[..length];
        }
    }

    /// <summary>A cell's text.</summary>
    public string Text(int column) => System.Text.Encoding.UTF8.GetString(this[column]);

    /// <summary>The number that a cell holds.</summary>
    public int Number(int column) => int.Parse(this[column], System.Globalization.CultureInfo.InvariantCulture);
}
