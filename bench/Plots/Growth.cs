using System.Globalization;

namespace SslModule.Bench.Plots;

/// <summary>A point of a curve: a figure, and how much work it was taken at.</summary>
internal sealed record Growth(string What, double At, double Value)
{
    public static List<Growth> Read(string path)
        => [.. File.ReadLines(path).Skip(1).Select(Measurement.Fields).Select(cells => new Growth(cells[0], Number(cells[1]), Number(cells[2])))];

    /// <summary>The figure in a unit that people read, and where it was taken.</summary>
    public override string ToString()
    {
        string value = What switch
        {
            _ when What.StartsWith("ratio", StringComparison.Ordinal) => Value.ToString("0.00", CultureInfo.InvariantCulture),
            _ when What.Contains("bytes", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"{Value / 1048576:0.0} MiB"),
            _ when What.Contains("seconds", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"{Value * 1000:0.00} ms"),
            _ => Value.ToString("#,0", CultureInfo.InvariantCulture),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value} at {At:#,0}");
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
