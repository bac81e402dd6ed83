using System.Globalization;
using System.Text;
using Sclip.Contracts;
using Sclip.Evaluation.Reports;
using Sclip.Imaging;

namespace Sclip.Evaluation.Html;

/// <summary>What reports are made of, as markup: figures, notices, classes, shares, small pictures. Texts are encoded here.</summary>
internal static class ReportParts
{
    /// <summary>Pixels of the long side of a small picture.</summary>
    public const int Side = 420;

    /// <summary>The rules of CSS that the parts need.</summary>
    public const string Style = """
        :root { --bar: #3d7ebf; } @media (prefers-color-scheme: dark) { :root { --bar: #5b9bd8; } }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 20px 0 0; max-width: 720px; }
        .tile { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; } .tile b { display: block; font-size: 26px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
        .texts td { text-align: left; overflow-wrap: anywhere; vertical-align: top; } .texts th { text-align: left; } .texts td:last-child { min-width: 200px; } p.left-out { margin-top: 12px; } .tile span { color: var(--soft); font-size: 13px; }
        .notice { border-left: 4px solid #d97706; background: color-mix(in srgb, #d97706 12%, transparent); border-radius: 4px; padding: 10px 14px; margin: 20px 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; border: 1px solid var(--soft); margin-right: 8px; vertical-align: -1px; }
        .classes { width: 100%; max-width: 900px; } .classes td:first-child { min-width: 110px; max-width: 280px; overflow-wrap: anywhere; }
        .bar { display: flex; align-items: center; gap: 10px; min-width: 130px; } .bar i { flex: 1; height: 8px; border-radius: 4px; background: var(--line); overflow: hidden; }
        .bar i b { display: block; height: 100%; border-radius: 4px; background: var(--bar); } .bar span { width: 52px; }
        .map { background: #fff; border: 1px solid var(--line); border-radius: 8px; display: inline-block; max-width: 100%; overflow-x: auto; } .map img { border-radius: 8px; max-width: none; }
        .worst { border: 1px solid var(--line); border-radius: 8px; padding: 14px; margin: 0 0 16px; } .worst h3 { font-size: 15px; margin: 0 0 2px; overflow-wrap: anywhere; }
        .worst p { margin: 0 0 10px; color: var(--soft); font-size: 13px; } .views { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr)); gap: 12px; max-width: 1240px; }
        .views img { width: 100%; max-width: 420px; } .chips { margin-top: 10px; font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 16px; overflow-wrap: anywhere; }
        .pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 560px), 1fr)); gap: 16px; } .pairs .worst { margin: 0; }
        @media (max-width: 600px) { th, td { padding: 4px 6px; } .bar { min-width: 0; justify-content: flex-end; } .bar i { display: none; } .classes td:first-child { min-width: 84px; } }
        """;

    /// <summary>A figure and what it counts.</summary>
    public static string Tile(string figure, string name) => $"<div class=\"tile\"><b>{HtmlPage.Text(figure)}</b><span>{HtmlPage.Text(name)}</span></div>";

    /// <summary>What a reader should know first.</summary>
    public static string Notice(string text, string? heading = null) => $"<div class=\"notice\">{(heading is null ? "" : $"<b>{HtmlPage.Text(heading)}</b>\n")}{HtmlPage.Text(text)}</div>";

    /// <summary>A class, its colour before its name.</summary>
    public static string ClassName(RgbColor color, string name) => $"<span class=\"swatch\" style=\"background:{color}\"></span>{HtmlPage.Text(name)}";

    /// <summary>A share of 0 to 1 as a bar with its percentage; a dash where there is none.</summary>
    public static string Bar(double? share) => share is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"<div class=\"bar\"><i><b style=\"width:{value * 100:0.##}%\"></b></i><span>{Figures.Percent(value)}</span></div>")
        : "<div class=\"bar\"><i></i><span>–</span></div>";

    /// <summary>A picture as a small JPEG.</summary>
    public static byte[] Small(RgbImage picture) => JpegEncoder.Encode(Thumbnail.Of(picture, Side));

    /// <summary>A small picture with what it shows below.</summary>
    public static string View(byte[] jpeg, string name) =>
        $"<figure><img alt=\"{HtmlPage.Text(name)}\" src=\"{HtmlPage.Address("image/jpeg", jpeg)}\"><figcaption>{HtmlPage.Text(name)}</figcaption></figure>";

    /// <summary>The first of some classes, and how many more there are.</summary>
    /// <param name="names">Classes as <see cref="ClassName"/> writes them.</param>
    /// <param name="most">Most of them that are shown.</param>
    public static string Chips(IReadOnlyList<string> names, int most)
    {
        var chips = new StringBuilder().AppendJoin("", names.Take(most).Select(name => $"<span>{name}</span>"));
        return names.Count > most ? chips.Append(CultureInfo.InvariantCulture, $"<span>and {names.Count - most} more</span>").ToString() : chips.ToString();
    }

    /// <summary>Colours as a JPEG, over their picture where it is at hand.</summary>
    /// <param name="colors">The colour of each pixel.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="picture">The picture below, of any size; null shows the colours alone.</param>
    public static byte[] Blend(RgbColor[] colors, int width, int height, RgbImage? picture)
    {
        var pixels = picture is null ? new byte[colors.Length * 3] : [.. ImageResizer.Resize(picture, width, height).Pixels];
        for (var i = 0; i < colors.Length; i++)
        {
            pixels[i * 3] = Mix(pixels[i * 3], colors[i].R);
            pixels[i * 3 + 1] = Mix(pixels[i * 3 + 1], colors[i].G);
            pixels[i * 3 + 2] = Mix(pixels[i * 3 + 2], colors[i].B);
        }
        return JpegEncoder.Encode(new RgbImage(width, height, pixels));

        byte Mix(byte under, byte color) => picture is null ? color : (byte)((under * 2 + color * 3) / 5);
    }
}
