using System.Globalization;
using System.Net;
using System.Text;

namespace Sclip.Scaling.Reports;

/// <summary>One plot of a figure, drawn as SVG into a rectangle in pixels.</summary>
internal sealed class Plot(string title, Axis x, Axis y, double left, double top, double width, double height)
{
    private readonly StringBuilder _marks = new();

    /// <summary>A line, and its name in its colour above the plot, from a share of its width on.</summary>
    public Plot Line(IReadOnlyList<(double X, double Y)> points, string color, string name, double nameX)
    {
        _marks.Append(CultureInfo.InvariantCulture, $"<polyline fill='none' stroke='{color}' stroke-width='1.8' stroke-linejoin='round' points='");
        foreach (var point in points)
            _marks.Append(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#} ");
        _marks.Append("'/>\n");
        return Text(left + nameX * width, top - 13, name, $"fill='{color}' font-weight='600'");
    }

    /// <summary>A point with a label above it.</summary>
    public Plot Point(double px, double py, string color, string label, bool emphasised)
    {
        _marks.Append(CultureInfo.InvariantCulture, $"<circle cx='{X(px):0.#}' cy='{Y(py):0.#}' r='{(emphasised ? 6 : 3.5)}' fill='{color}'/>\n");
        return Text(X(px) + 7, Y(py) - 6, label, emphasised ? "fill='#1c2430' font-weight='700'" : "fill='#4a5565'");
    }

    /// <summary>The plot's elements.</summary>
    public string Svg()
    {
        var frame = new StringBuilder();
        Append(frame, left, top - 34, title, "fill='#1c2430' font-size='15' font-weight='600'");
        foreach (var (value, label) in y.Ticks)
        {
            frame.Append(CultureInfo.InvariantCulture, $"<line x1='{left}' x2='{left + width}' y1='{Y(value):0.#}' y2='{Y(value):0.#}' stroke='#e3e7ed'/>\n");
            Append(frame, left - 8, Y(value) + 4, label, "fill='#4a5565' text-anchor='end'");
        }
        foreach (var (value, label) in x.Ticks)
            Append(frame, X(value), top + height + 18, label, "fill='#4a5565' text-anchor='middle'");
        frame.Append(CultureInfo.InvariantCulture, $"<line x1='{left}' x2='{left + width}' y1='{top + height}' y2='{top + height}' stroke='#9aa4b2'/>\n");
        Append(frame, left + width, top + height + 36, x.Title, "fill='#4a5565' text-anchor='end'");
        Append(frame, left, top - 13, y.Title, "fill='#4a5565'");
        return frame.Append(_marks).ToString();
    }

    private double X(double value) => left + x.Share(value) * width;

    private double Y(double value) => top + (1 - y.Share(value)) * height;

    private Plot Text(double px, double py, string text, string style)
    {
        Append(_marks, px, py, text, style);
        return this;
    }

    private static void Append(StringBuilder to, double px, double py, string text, string style) =>
        to.Append(CultureInfo.InvariantCulture, $"<text x='{px:0.#}' y='{py:0.#}' {style}>{WebUtility.HtmlEncode(text)}</text>\n");
}
