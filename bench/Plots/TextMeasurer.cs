using OxyPlot;

namespace SslModule.Bench.Plots;

/// <summary>Measures text for SVG. The exporter's own measurer counts in points of a printed page, three quarters of what a screen shows.</summary>
internal sealed class TextMeasurer() : PdfRenderContext(1, 1, OxyColors.White)
{
    private const double UnitsInAPoint = 4.0 / 3;

    public static string Export(PlotModel model, double width, double height)
        => new SvgExporter { Width = width, Height = height, TextMeasurer = new TextMeasurer() }.ExportToString(model);

    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize points = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(points.Width * UnitsInAPoint, points.Height * UnitsInAPoint);
    }
}
