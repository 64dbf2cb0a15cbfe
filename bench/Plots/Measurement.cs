using System.Globalization;

namespace SslModule.Bench.Plots;

/// <summary>A row of a table; a null is a cell that was left empty; half of the rounds gave a ratio from <c>Low</c> to <c>High</c>. <c>Against</c> names a peer other than the host's own <c>_ssl</c>.</summary>
internal sealed record Measurement(string Work, string Unit, string Against, double? Ours, double? Peer, double? Ratio, double? Low, double? High, double? ProcessorTime, double? Goal)
{
    /// <summary>Reads a table that bench.py wrote. Its texts hold commas, so its fields may be quoted.</summary>
    public static List<Measurement> Read(string path)
        => [.. File.ReadLines(path).Skip(1).Select(Fields).Select(cells => new Measurement(
            cells[0], cells[1], cells[2], Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(cells[6]), Number(cells[7]), Number(cells[8]), Number(cells[9])))];

    /// <summary>What the figure is, with the peer where that is not the host's own.</summary>
    public string Title => Against.Length == 0 ? Work : $"{Work} (against {Against})";

    /// <summary>The fields of a line of CSV.</summary>
    public static List<string> Fields(string line)
    {
        var fields = new List<string>();
        int start = 0;
        bool quoted = false;
        for (int at = 0; at <= line.Length; at++)
        {
            if (at == line.Length || (line[at] == ',' && !quoted))
            {
                fields.Add(line[start..at].Trim('"'));
                start = at + 1;
            }
            else if (line[at] == '"')
            {
                quoted = !quoted;
            }
        }

        return fields;
    }

    private static double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
}
