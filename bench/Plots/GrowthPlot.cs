using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace SslModule.Bench.Plots;

/// <summary>Curves of how a figure changes with the amount of work.</summary>
internal static class GrowthPlot
{
    private const string Transfers = "transfer seconds";
    private const string Crowds = "MB/s over busy connections, ";
    private const string Handshakes = "handshake seconds after connections";
    private const string Memory = "bytes after connections";
    private const string Peer = ", the peer";
    private const string MemoryAxis = "memory";
    private static readonly OxyColor[] Colours = [OxyColors.SteelBlue, OxyColors.SeaGreen, OxyColors.IndianRed];

    /// <summary>Time against size, both logarithmic: a straight line of slope 1 is linear growth.</summary>
    public static string DrawTransfers(List<Growth> points)
    {
        PlotModel model = Make("seconds for a transfer", new LogarithmicAxis { Title = "bytes" }, new LogarithmicAxis { Title = "seconds" });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomRight });
        List<Growth> transfers = [.. points.Where(point => point.What == Transfers)];
        Add(model, "as measured, from order to last byte", 0, transfers);
        if (transfers is [.., var last])
        {
            LineSeries line = Add(model, "at the rate of the last", 1, transfers.Select(point => point with { Value = last.Value * point.At / last.At }));
            (line.LineStyle, line.MarkerType) = (LineStyle.Dash, MarkerType.None);
        }

        return Export(model);
    }

    /// <summary>What all busy connections together carry, against their number: level is as it should be.</summary>
    public static string DrawCrowds(List<Growth> points)
    {
        PlotModel model = Make("MB/s of all busy connections together", new LogarithmicAxis { Title = "busy connections" }, new LinearAxis { Title = "MB/s", Minimum = 0 });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomRight });
        int number = 0;
        foreach (IGrouping<string, Growth> kind in points.Where(point => point.What.StartsWith(Crowds, StringComparison.Ordinal)).GroupBy(point => point.What[Crowds.Length..].Split(',')[0]))
        {
            foreach (IGrouping<string, Growth> end in kind.GroupBy(point => point.What))
            {
                LineSeries line = Add(model, end.Key[Crowds.Length..], number, end);
                line.LineStyle = end.Key.EndsWith(Peer, StringComparison.Ordinal) ? LineStyle.Dash : LineStyle.Solid;
            }

            number++;
        }

        return Export(model);
    }

    /// <summary>The time of a handshake, and both ends' memory, against the connections there were before: level is as it should be.</summary>
    public static string DrawConnections(List<Growth> points)
    {
        PlotModel model = Make("a handshake, and memory, after many connections", new LogarithmicAxis { Title = "connections so far" }, new LinearAxis { Title = "milliseconds", Minimum = 0 });
        model.Axes.Add(new LinearAxis { Title = "MiB", Minimum = 0, Position = AxisPosition.Right, Key = MemoryAxis });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.BottomRight });
        Add(model, "a handshake", 0, points.Where(point => point.What == Handshakes).Select(point => point with { Value = point.Value * 1000 }));
        int number = 1;
        foreach (IGrouping<string, Growth> end in points.Where(point => point.What.EndsWith(Memory, StringComparison.Ordinal)).GroupBy(point => point.What))
        {
            LineSeries line = Add(model, string.Concat(end.Key.AsSpan(0, end.Key.IndexOf(' ', StringComparison.Ordinal)), " in memory"), number++, end.Select(point => point with { Value = point.Value / 1048576 }));
            line.YAxisKey = MemoryAxis;
        }

        return Export(model);
    }

    private static PlotModel Make(string title, Axis across, Axis up)
    {
        var model = new PlotModel { Title = title, TitleFontSize = 14, DefaultFont = "Arial", Background = OxyColors.White };
        (across.Position, up.Position) = (AxisPosition.Bottom, AxisPosition.Left);
        across.MajorGridlineStyle = up.MajorGridlineStyle = LineStyle.Dot;
        model.Axes.Add(across);
        model.Axes.Add(up);
        return model;
    }

    private static LineSeries Add(PlotModel model, string title, int number, IEnumerable<Growth> points)
    {
        var line = new LineSeries { Title = title, MarkerType = MarkerType.Circle, Color = Colours[number % Colours.Length] };
        line.Points.AddRange(points.Select(point => new DataPoint(point.At, point.Value)));
        model.Series.Add(line);
        return line;
    }

    private static string Export(PlotModel model) => TextMeasurer.Export(model, 700, 400);
}
