using System.Globalization;
using System.Text;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// YOLO's segmentation: <c>labels/SPLIT/NAME.txt</c>, a region a line, <c>class x y x y …</c> in shares of width and height, and <c>data.yaml</c>.
/// Its tools look for the pictures in <c>images/SPLIT</c>.
/// </summary>
internal sealed class YoloWriter : IFormatWriter
{
    private readonly ExportOptions _options;

    public YoloWriter(ExportContext context)
    {
        _options = context.Options;
        using var yaml = new StreamWriter(context.Folder.Create("data.yaml"));
        yaml.Write($"""
            # Put the pictures, by the names that they were labelled with, into images/{_options.Split}.
            train: images/{_options.Split}
            val: images/{_options.Split}
            names:

            """.ReplaceLineEndings("\n"));
        // Ids have to run from 0 without gaps: classes that are left out keep their places.
        foreach (var (index, label) in context.Classes.Index())
            yaml.Write(string.Create(CultureInfo.InvariantCulture, $"  {index}: \"{Escaped(label.Name)}\"\n"));
    }

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (regions, text) = (picture.Regions, new StringBuilder());
        var outlines = new Outlines(regions, _options.Tolerance);
        foreach (var region in regions.Regions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{region.Class}");
            foreach (var vertex in outlines.Ring(region))
                text.Append(CultureInfo.InvariantCulture, $" {vertex.X / regions.Width:0.#######} {vertex.Y / regions.Height:0.#######}");
            text.Append('\n');
        }
        return new EncodedPicture([new PictureFile($"labels/{picture.Split}/{picture.Stem}.txt", Encoding.ASCII.GetBytes(text.ToString()))], Loss: outlines.Loss);
    }

    public Task EndAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A name within double quotes of YAML; names hold no control characters.</summary>
    private static string Escaped(string name) => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
