namespace SslModule.Engine;

/// <summary>
/// A table embedded in the assembly as text: one row per line, tab-separated columns, <c>#</c> starts a comment.
/// </summary>
/// <remarks>The text is searched rather than parsed at startup: most programs look up only a few rows.</remarks>
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

    /// <summary>All rows in file order.</summary>
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

    /// <summary>Finds the first row whose <paramref name="column"/> equals <paramref name="cell"/>.</summary>
    public bool TryFind(int column, ReadOnlySpan<byte> cell, out TableRow row) => TryFind(column, cell, 0, _text.Length, out row);

    /// <summary>Searches only the rows that follow <paramref name="head"/> and have an empty first column.</summary>
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
    /// <summary>The offset of the row's end in the table's text.</summary>
    public int End => end;

    public bool IsComment => start == end || text[start] == '#';

    /// <summary>The bytes of a cell; empty when the row has fewer columns.</summary>
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

    /// <summary>The text of a cell.</summary>
    public string Text(int column) => System.Text.Encoding.UTF8.GetString(this[column]);

    /// <summary>The integer value of a cell.</summary>
    public int Number(int column) => int.Parse(this[column], System.Globalization.CultureInfo.InvariantCulture);
}
