using System.Globalization;
using System.Text;
using Sclip.Formats.Regions;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>
/// YOLO's segmentation: a text a picture, a region a line, <c>class x y x y …</c> in shares of width and height; <c>SPLIT.txt</c>, the pictures of a
/// part, which belong below <c>images/SPLIT</c>; <c>images.meta</c>, their sizes, by which CVAT's reader does without them; and <c>data.yaml</c>.
/// </summary>
internal sealed class YoloWriter : IFormatWriter
{
    private const string Images = "/images/", Labels = "/labels/";
    // What ultralytics takes for a picture, by its ending.
    private static readonly string[] Endings = [".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"];
    // Keys of data.yaml that are no parts.
    private static readonly string[] Reserved = ["names", "nc", "path", "classes", "backup", "download", "channels", "kpt_shape", "flip_idx", "yaml_file"];
    private readonly ExportContext _context;
    private readonly PerSplit<StreamWriter> _pictures;
    private readonly StreamWriter _sizes;
    private long _unfound;

    public YoloWriter(ExportContext context)
    {
        _context = context;
        if (context.Splits.Names.FirstOrDefault(Reserved.Contains) is { } reserved)
            throw new ExportException($"--split {reserved} is a key of data.yaml that means something else; choose another name.");
        _pictures = new PerSplit<StreamWriter>(context.Splits, split => new StreamWriter(context.Folder.Create($"{split}.txt")));
        _sizes = new StreamWriter(context.Folder.Create("images.meta"));
        using var yaml = new StreamWriter(context.Folder.Create("data.yaml"));
        yaml.Write("# The pictures belong where the lists name them. Give this file by its whole path, as older versions of ultralytics need it.\n");
        foreach (var split in context.Splits.Names)
            yaml.Write($"{(split is "train" or "val" or "test" ? split : $"\"{split}\"")}: {split}.txt\n");
        yaml.Write("names:\n");
        // Ids have to run from 0 without gaps: classes that are left out keep their places.
        foreach (var (index, label) in context.Classes.Index())
            yaml.Write(string.Create(CultureInfo.InvariantCulture, $"  {index}: \"{Escaped(label.Name)}\"\n"));
    }

    public static string PictureAt(LabelledPicture picture) =>
        $"images/{picture.Split}/{(Endings.Contains(Path.GetExtension(picture.Image), StringComparer.OrdinalIgnoreCase) ? picture.Image : $"{picture.Stem}.jpg")}";

    public EncodedPicture Encode(LabelledPicture picture)
    {
        var (regions, text) = (picture.Regions, new StringBuilder());
        var outlines = new Outlines(regions, _context.Options.Tolerance);
        foreach (var region in regions.Regions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{region.Class}");
            foreach (var vertex in outlines.Ring(region))
                text.Append(CultureInfo.InvariantCulture, $" {vertex.X / regions.Width:0.#######} {vertex.Y / regions.Height:0.#######}");
            text.Append('\n');
        }
        var (bytes, at, pictures) = (Encoding.ASCII.GetBytes(text.ToString()), PictureAt(picture), _pictures[picture]);
        var size = string.Create(CultureInfo.InvariantCulture, $"\"{Escaped(picture.Stem)}\" {regions.Height} {regions.Width}\n");
        return new EncodedPicture([.. LabelsOf(at).Select(name => new PictureFile(name, bytes))], async _ =>
        {
            // Its reader takes every "./" in a line for the list's folder.
            _unfound += at.Contains("./", StringComparison.Ordinal) ? 1 : 0;
            await pictures.WriteAsync($"./{at}\n");
            await _sizes.WriteAsync(size);
        }, Loss: outlines.Loss);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _pictures.ForEachAsync(pictures => pictures.FlushAsync(cancellationToken));
        await _sizes.FlushAsync(cancellationToken);
        if (_context.Options.Reader is null or "ultralytics" && ((string[])["train", "val"]).Except(_context.Splits.Names).ToArray() is { Length: > 0 } missing)
            _context.Notices.Add($"ultralytics trains only where data.yaml has the parts train and val, and there is no {string.Join(" and no ", missing)}: --validation 0.1 makes a tenth of the pictures val, the others train.");
        if (_unfound > 0)
            _context.Notices.Add($"ultralytics does not find pictures in folders whose names end with a dot ({_unfound} here). Rename the folders and label the pictures again.");
    }

    public async ValueTask DisposeAsync()
    {
        await _pictures.DisposeAsync();
        await _sizes.DisposeAsync();
    }

    /// <summary>
    /// Where labels of a picture are looked for: ultralytics turns the last folder called <c>images</c> of its path to <c>labels</c>, CVAT the first one,
    /// which is the export's own.
    /// </summary>
    private static IEnumerable<string> LabelsOf(string picture)
    {
        var path = "/" + Path.ChangeExtension(picture, ".txt");
        var last = path.LastIndexOf(Images, StringComparison.Ordinal);
        yield return $"{path[..last]}{Labels}{path[(last + Images.Length)..]}"[1..];
        if (last > 0)
            yield return $"{Labels}{path[Images.Length..]}"[1..];
    }

    /// <summary>A name within double quotes, of YAML and of a shell's words; names hold no control characters.</summary>
    private static string Escaped(string name) => name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
