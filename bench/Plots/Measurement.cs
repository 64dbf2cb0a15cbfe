using System.Globalization;

namespace SslModule.Bench.Plots;

/// <summary>What is drawn of a row: half of its rounds gave a ratio from <c>Low</c> to <c>High</c>.</summary>
internal sealed record Measurement(string Title, double Ratio, double Low, double High)
{
    private const string Work = "work";
    private const string Peer = "peer";
    private const string Ratios = "ratio";
    private const string LowerQuartile = "lower quartile";
    private const string UpperQuartile = "upper quartile";

    /// <summary>The rows of a table that bench.py wrote, without those that have no ratio.</summary>
    public static List<Measurement> Read(string path)
    {
        List<List<string>> lines = [.. File.ReadLines(path).Select(Fields)];
        return [.. lines.Skip(1).Where(cells => Cell(cells, Ratios).Length > 0).Select(cells => new Measurement(
            Named(Cell(cells, Work), Cell(cells, Peer)), Number(Cell(cells, Ratios)), Number(Cell(cells, LowerQuartile)), Number(Cell(cells, UpperQuartile))))];

        string Cell(List<string> cells, string column) => cells[lines[0].IndexOf(column)];
    }

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

    // With the peer where that is not the host's own _ssl.
    private static string Named(string work, string peer) => peer.Length == 0 ? work : $"{work} (against {peer})";

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
