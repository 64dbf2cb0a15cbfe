using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace SslModule.Bench.Plots;

/// <summary>Every row's ratio as a bar with the middle half of its rounds; a line at 1, where both sides are equal.</summary>
internal static class RatioPlot
{
    private const int Width = 1000;
    private const int RowHeight = 26;
    private const int Frame = 90;

    /// <summary>Null where no row has a ratio.</summary>
    public static string? Draw(List<Measurement> all)
    {
        if (all is [])
        {
            return null;
        }

        // An axis of names begins at the bottom.
        List<Measurement> rows = [.. Enumerable.Reverse(all)];
        var model = new PlotModel { Title = "ratio to the host's own _ssl (1: equal, more: faster)", TitleFontSize = 14, DefaultFont = "Arial", Background = OxyColors.White };
        var names = new CategoryAxis { Position = AxisPosition.Left };
        names.Labels.AddRange(rows.Select(row => row.Title));
        model.Axes.Add(names);
        model.Axes.Add(new LogarithmicAxis
        {
            Position = AxisPosition.Bottom,
            Base = 2,
            Minimum = Math.Min(0.9, 0.95 * rows.Min(row => row.Low)),
            MajorGridlineStyle = LineStyle.Dot,
            StringFormat = "0.##",
        });
        var bars = new BarSeries { BaseValue = 1, StrokeThickness = 0 };
        foreach (Measurement row in rows)
        {
            bars.Items.Add(new BarItem(row.Ratio) { Color = row.Ratio >= 1 ? OxyColors.SeaGreen : OxyColors.IndianRed });
        }

        model.Series.Add(bars);
        for (int index = 0; index < rows.Count; index++)
        {
            model.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Horizontal,
                Y = index,
                MinimumX = rows[index].Low,
                MaximumX = rows[index].High,
                Color = OxyColors.Black,
                LineStyle = LineStyle.Solid,
            });
        }

        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = 1, Color = OxyColors.Black, LineStyle = LineStyle.Solid });
        return TextMeasurer.Export(model, Width, Frame + (RowHeight * rows.Count));
    }
}
