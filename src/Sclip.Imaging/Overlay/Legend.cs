using System.Globalization;
using Sclip.Contracts;

namespace Sclip.Imaging.Overlay;

/// <summary>The strip below an overlay: a swatch, the name and the share of each class, largest first, as many rows as are allowed.</summary>
internal sealed class Legend
{
    private static readonly (byte, byte, byte) Paper = (250, 250, 250), Ink = (32, 32, 36);

    private readonly List<List<Entry>> _rows = [[]];
    private readonly int _line, _gap, _width;

    /// <param name="classes">The classes.</param>
    /// <param name="width">Width of the strip in pixels.</param>
    /// <param name="line">Height of a line of text in pixels.</param>
    /// <param name="mostRows">Rows at most; what does not fit is counted.</param>
    public Legend(IEnumerable<OverlayClass> classes, int width, int line, int mostRows)
    {
        (_width, _line, _gap) = (width, line, Math.Max(3, line / 3));
        var present = classes.Where(item => item.Share > 0).OrderByDescending(item => item.Share).ThenBy(item => item.Name, StringComparer.Ordinal).ToArray();
        var reserve = GlyphAtlas.Instance.Value.Measure($"+{present.Length} more", line) + 2 * _gap;
        var left = _gap;
        for (var i = 0; i < present.Length; i++)
        {
            var (name, share) = (present[i].Name, $" {Percent(present[i].Share)}");
            var following = i + 1 < present.Length ? reserve : 0;
            if (left > _gap && GlyphAtlas.Instance.Value.Measure(name + share, line) > Room(following))
            {
                if (_rows.Count == mostRows)
                {
                    _rows[^1].Add(new Entry(left, null, $"+{present.Length - i} more"));
                    return;
                }
                _rows.Add([]);
                left = _gap;
            }
            var text = Shorten(name, share, Room(following));
            _rows[^1].Add(new Entry(left, present[i].Color, text));
            left += line + 3 * _gap + GlyphAtlas.Instance.Value.Measure(text, line);
        }

        // The last row keeps room for the count of those that follow, also beside a name that would fill it.
        int Room(int following) => width - left - line - 2 * _gap - (_rows.Count == mostRows ? following : 0);
    }

    public int Height => _gap + _rows.Count * (_line + _gap);

    /// <summary>Draws the strip into the rows from <paramref name="top"/> on.</summary>
    public void Draw(byte[] pixels, int top)
    {
        Fill(pixels, 0, top, _width, Height, Paper);
        for (var row = 0; row < _rows.Count; row++)
            foreach (var entry in _rows[row])
            {
                var y = top + _gap + row * (_line + _gap);
                var x = entry.X;
                if (entry.Color is { } color)
                {
                    var inset = _line / 8;
                    Fill(pixels, x, y + inset, _line - 2 * inset, _line - 2 * inset, Ink);
                    Fill(pixels, x + 1, y + inset + 1, _line - 2 * inset - 2, _line - 2 * inset - 2, (color.R, color.G, color.B));
                    x += _line;
                }
                GlyphAtlas.Instance.Value.Draw(pixels, _width, x, y, entry.Text, _line, Ink);
            }
    }

    private static string Percent(double share) => share >= 0.005
        ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %")
        : "< 1 %";

    private string Shorten(string name, string share, int width)
    {
        var cut = name + share;
        for (var length = name.Length; GlyphAtlas.Instance.Value.Measure(cut, _line) > width && length > 1;)
            cut = $"{name.AsSpan(0, --length)}…{share}";
        return cut;
    }

    private void Fill(byte[] pixels, int x, int y, int width, int height, (byte R, byte G, byte B) color)
    {
        for (var row = y; row < y + height; row++)
            for (var column = x; column < Math.Min(_width, x + width); column++)
                (pixels[(row * _width + column) * 3], pixels[(row * _width + column) * 3 + 1], pixels[(row * _width + column) * 3 + 2]) = color;
    }

    private sealed record Entry(int X, RgbColor? Color, string Text);
}
