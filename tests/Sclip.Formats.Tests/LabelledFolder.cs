using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests;

/// <summary>A folder as <c>sclip label</c> leaves it, and one for an export of it.</summary>
internal sealed class LabelledFolder : IDisposable
{
    public static readonly LabelClass[] FourClasses =
    [
        new() { Name = "background", Background = true }, new() { Name = "grass", Synonyms = ["meadow"], Color = new(10, 200, 30) }, new() { Name = "a \"boat\" & <oar>" }, new() { Name = "Käfer" },
    ];

    private readonly LabelClass[] _classes;
    private readonly TemporaryFolder _folder = new();

    public LabelledFolder(LabelClass[]? classes = null)
    {
        _classes = classes ?? FourClasses;
        Directory.CreateDirectory(In);
        File.WriteAllBytes(Path.Combine(In, MaskLabels.FileName), MaskLabels.Write(_classes));
        File.WriteAllText(Path.Combine(In, "results.jsonl"), "");
    }

    /// <summary>A folder with all masks of <see cref="Mask.All"/>, <c>NAME.jpg</c> each.</summary>
    public static LabelledFolder OfAll()
    {
        var folder = new LabelledFolder();
        foreach (var (name, mask) in Mask.All)
            folder.Add($"{name}.jpg", mask);
        return folder;
    }

    public string In => _folder["in"];

    public string Out => _folder["out"];

    /// <summary>A folder for the pictures themselves, and another.</summary>
    public string Pictures => _folder["pictures"];

    public string OtherPictures => _folder["others"];

    public List<string> Failures { get; } = [];

    public void Add(string image, Mask mask, double? confidence = 0.5)
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, [.. mask.Labels.Select(label => (ushort)label)], mask.Width, mask.Height, Palette.Of(_classes));
        var name = $"masks/{Path.ChangeExtension(image, null)}.png";
        _folder.Write($"in/{name}", png.ToArray());
        AddResult(new ImageResult { Image = image, Status = ImageStatus.Ok, Mask = name, Width = mask.Width, Height = mask.Height, MeanConfidence = confidence });
    }

    public void AddResult(ImageResult result) => AddLine(result.ToLine() + "\n");

    public void AddLine(string line) => File.AppendAllText(Path.Combine(In, "results.jsonl"), line);

    /// <summary>Names that folders, lists and addresses stumble over; no two are the same without ending.</summary>
    public static IReadOnlyList<string> HandMadeNames { get; } =
        ["sub/folder/deep.jpg", "a/same.jpg", "b/same.jpg", "images/inner.jpg", "x/images/y/images/twice.jpg", "with space/name of it.jpg", "100%#1.jpg", "v1.2.dots.jpg", "Käfer ÄÖ.jpg"];

    /// <summary>Says where the pictures were labelled, as <c>sclip label</c> does.</summary>
    public void Mark(params string[] inputs) => Mark(new FolderMarker { Command = "label", Inputs = inputs });

    public void Mark(FolderMarker marker) => File.WriteAllText(Path.Combine(In, FolderMarker.FileName), JsonSerializer.Serialize(marker, Json.Default.FolderMarker));

    public IReadOnlyList<string> Notices { get; private set; } = [];

    public ExportOutcome? Outcome { get; private set; }

    public async Task<ExportSummary> ExportAsync(string format, Func<ExportOptions, ExportOptions>? with = null, CancellationToken cancellationToken = default)
    {
        var options = new ExportOptions { Format = ExportFormat.Find(format)!, Tolerance = ExportFormat.Find(format)!.HasOutlines ? 0 : 1 };
        Outcome = await Exporter.RunAsync(ExportSource.OfFolder(In, null), Out, with?.Invoke(options) ?? options, (image, reason) => Failures.Add($"{image}: {reason}"), null, cancellationToken);
        (var summary, Notices) = Outcome;
        return summary;
    }

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Out, name));

    public string Text(string name) => File.ReadAllText(Path.Combine(Out, name));

    /// <summary>Where the readers of a format look for a picture.</summary>
    public string PlaceOf(string format, string image, string split) => ExportFormat.Find(format)!.PictureAt!(new LabelledPicture(1, image, split, null, Mask.All["one"].Map, 1));

    /// <summary>Reads a PNG of values; one of them means nothing, and the others lie so much above the class index.</summary>
    public Mask Values(string name, int nothing, int offset)
    {
        var (labels, width, height) = MaskDecoder.Read(Bytes(name), ImageLimits.Default);
        return new Mask(width, height, [.. labels.Select(label => label == nothing ? Mask.None : label - offset)]);
    }

    /// <summary>All files of the export with their contents, by name.</summary>
    public Dictionary<string, string> Everything() => Directory.GetFiles(Out, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(Out, file), file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    public void Dispose() => _folder.Dispose();
}
