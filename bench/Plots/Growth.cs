using System.Globalization;

namespace SslModule.Bench.Plots;

/// <summary>A point of a curve: a figure, and how much work it was taken at.</summary>
internal sealed record Growth(string What, double At, double Value)
{
    /// <summary>Reads a table that bench.py wrote. A figure that could not be taken is an empty cell and no point.</summary>
    public static List<Growth> Read(string path)
        => [.. File.ReadLines(path).Skip(1).Select(Measurement.Fields).Where(cells => cells[2].Length > 0).Select(cells => new Growth(cells[0], Number(cells[1]), Number(cells[2])))];

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
