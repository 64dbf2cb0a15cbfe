using SslModule.Bench.Plots;

// plots FOLDER: reads the tables that bench.py leaves there and draws the pictures of its page.
string folder = args[0];
foreach (string table in Directory.GetFiles(folder, "*.csv"))
{
    string name = Path.Combine(folder, Path.GetFileNameWithoutExtension(table));
    if (name.EndsWith("-growth", StringComparison.Ordinal))
    {
        List<Growth> growths = Growth.Read(table);
        File.WriteAllText(name + ".svg", GrowthPlot.DrawTransfers(growths));
        string host = name[..^"-growth".Length];
        File.WriteAllText(host + "-crowd.svg", GrowthPlot.DrawCrowds(growths));
        File.WriteAllText(host + "-connections.svg", GrowthPlot.DrawConnections(growths));
    }
    else if (RatioPlot.Draw(Measurement.Read(table)) is { } drawn)
    {
        File.WriteAllText(name + ".svg", drawn);
    }
}

return 0;
