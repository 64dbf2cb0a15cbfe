using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace SslModule.Bench.Plots;

/// <summary>Transfer time against size, both logarithmic: a straight line of slope 1 is linear growth.</summary>
internal static class GrowthPlot
{
    public static string Draw(string path)
    {
        var model = new PlotModel { Title = "seconds for a transfer", TitleFontSize = 14, Background = OxyColors.White };
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "bytes", MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = "seconds", MajorGridlineStyle = LineStyle.Dot });
        var line = new LineSeries { MarkerType = MarkerType.Circle, Color = OxyColors.SteelBlue };
        foreach (List<string> cells in File.ReadLines(path).Skip(1).Select(Measurement.Fields).Where(cells => cells[0] == "transfer seconds"))
        {
            line.Points.Add(new DataPoint(double.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[2], CultureInfo.InvariantCulture)));
        }

        model.Series.Add(line);
        return new SvgExporter { Width = 700, Height = 400 }.ExportToString(model);
    }
}
