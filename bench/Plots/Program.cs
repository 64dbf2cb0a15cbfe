using System.Globalization;
using System.Text;
using SslModule.Bench.Plots;

// plots FOLDER: reads the tables that bench.py leaves there, writes an SVG for each and a page with all of them.
string folder = args[0];
var page = new StringBuilder("# Measured by `make bench`\n\nRatios to the host's own `_ssl`, taken in turns in one run; above 1, SslModule is faster (or smaller).\nAbsolute figures are those of one shared two-core machine. The ratio in processor time counts both ends and does not\nsee what else the machine had to do. Ratios are medians over the rounds; half of the rounds lie within the spread.\n"
    + "Blocks longer than a record are not compared: CPython's `recv(1 MiB)` makes a bytes object of 1 MiB for each record of 16 KiB and\n"
    + "cuts it down, which such a ratio would measure.\n");
foreach ((string host, string title) in new[] { ("cpython", "CPython, against its own OpenSSL `_ssl`"), ("ironpython", "IronPython, against its own `_ssl`") })
{
    string table = Path.Combine(folder, host + ".csv");
    if (!File.Exists(table))
    {
        continue;
    }

    List<Measurement> rows = Measurement.Read(table);
    File.WriteAllText(Path.Combine(folder, host + ".svg"), RatioPlot.Draw(rows));
    page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n![ratios]({host}.svg)\n\n");
    page.Append("| work | unit | SslModule | peer | ratio | spread | in processor time | goal |\n|---|---|--:|--:|--:|---|--:|--:|\n");
    foreach (Measurement row in rows)
    {
        string spread = row.Ratio is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{row.Low:0.00} to {row.High:0.00}");
        page.Append(CultureInfo.InvariantCulture, $"| {row.Title} | {row.Unit} | {Number(row.Ours)} | {Number(row.Peer)} | {row.Ratio:0.00} | {spread} | {row.ProcessorTime:0.00} | {row.Goal:0.00} |\n");
    }

    string growth = Path.Combine(folder, host + "-growth.csv");
    if (File.Exists(growth))
    {
        List<Growth> growths = Growth.Read(growth);
        File.WriteAllText(Path.Combine(folder, host + "-growth.svg"), GrowthPlot.DrawTransfers(growths));
        File.WriteAllText(Path.Combine(folder, host + "-crowd.svg"), GrowthPlot.DrawCrowds(growths));
        File.WriteAllText(Path.Combine(folder, host + "-connections.svg"), GrowthPlot.DrawConnections(growths));
        page.Append(CultureInfo.InvariantCulture, $"\n### How the cost grows\n\n![transfers]({host}-growth.svg)\n\n![connections]({host}-connections.svg)\n\n![crowds]({host}-crowd.svg)\n\n");
        page.Append("| what | first | last | last to first |\n|---|--:|--:|--:|\n");
        foreach (IGrouping<string, Growth> group in growths.GroupBy(item => item.What))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {group.First()} | {group.Last()} | {(group.Skip(1).Any() ? group.Last().Value / group.First().Value : null):0.00} |\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\nAll of it: [{host}-growth.csv]({host}-growth.csv).\n");
    }
}

File.WriteAllText(Path.Combine(folder, "README.md"), page.ToString());
return 0;

static string Number(double? value) => value switch
{
    null => "",
    < 100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
    _ => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
};
