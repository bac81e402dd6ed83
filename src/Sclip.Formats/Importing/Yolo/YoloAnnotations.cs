using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>YOLO's segmentation: <c>data.yaml</c> and <c>labels/**.txt</c>. The pictures tell their sizes, which the text files do not, or <c>images.meta</c> does.</summary>
internal static class YoloAnnotations
{
    private static readonly string[] YamlNames = ["data.yaml", "data.yml", "dataset.yaml", "dataset.yml"];

    /// <summary>Opens a folder with <c>data.yaml</c> and labels, or such a file; null for anything else.</summary>
    /// <exception cref="ImportException">Its classes cannot be read, or there are no labels.</exception>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        var file = Directory.Exists(path) ? YamlNames.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            : Path.GetExtension(path) is ".yaml" or ".yml" ? path : null;
        if (file is null && !HasLabels(path))
            return null;
        // Other tools write a file of that name beside masks.
        var isSure = file is null || file == path || options.Format is not null || ImportFiles.Below(path, cancellationToken).Any(YoloPlaces.IsLabel);
        try
        {
            return Open(path, file, options, cancellationToken) ?? (isSure ? throw new ImportException($"{path}: there are no labels (labels/**.txt).") : null);
        }
        catch (ImportException) when (!isSure)
        {
            return null;
        }
    }

    /// <summary>Opens what has such a file, or labels; null where there are no labels.</summary>
    private static FileAnnotations? Open(string path, string? file, ImportOptions options, CancellationToken cancellationToken)
    {
        var (yaml, classes) = file is not null ? (YoloYaml.Read(file), ClassesOf(file))
            : (YoloYaml.OfFolder(path), options.Labels ?? throw new ImportException($"{path} holds YOLO's labels, and no data.yaml that tells their classes. Give the folder that has it, or the classes by --labels."));
        var places = new YoloPlaces(yaml, Listed(yaml, cancellationToken), options.Pictures);
        var (files, pictures, boxes) = (new FileAnnotations.Files(), new Dictionary<string, YoloPlaces.Place>(StringComparer.Ordinal), 0L);
        foreach (var label in Labels(yaml, places, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (place, text) = (places.PictureOf(label), ImportFiles.Read(label, options.Limits));
            // Tools differ in where they look for the labels of pictures in folders called images, and one may have written for both.
            if (pictures.TryGetValue(place.Name, out var other) && other.Stem == place.Stem && text.AsSpan().SequenceEqual(ImportFiles.Read(files.Of(place.Name)!, options.Limits)))
                continue;
            files.Add(place.Name, label);
            pictures.Add(place.Name, place);
            boxes += YoloLabels.Boxes(text);
        }
        if (files.Count == 0)
            return null;
        var unlabelled = places.Without(pictures.Values.Select(place => place.Stem).ToHashSet(StringComparer.Ordinal));
        var sizes = YoloSizes.Read(yaml.Root);
        string?[] notices =
        [
            boxes > 0 ? $"{boxes} {(boxes == 1 ? "line is a box, which is no mask: it was" : "lines are boxes, which are no masks: they were")} not read." : null,
            unlabelled > 0 ? $"{Counted.Of(unlabelled, "picture")} without a label file: passed over." : null,
        ];
        return new FileAnnotations("YOLO segmentation", classes, files, (name, _) => PixelsOf(name, pictures[name].Path, sizes, options.Limits), (name, label) => Read(name, label, Size(name, label, pictures[name].Path, sizes, options.Limits), classes.Count, options.Limits)) { LeavesBackground = true, Notices = [.. notices.OfType<string>()] };
    }

    private static bool HasLabels(string path) => Path.Combine(path, "labels") is var labels && Directory.Exists(labels) && Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories).Any();

    private static LabelMap Read(string name, string label, (int Width, int Height) size, int classes, ImageLimits limits)
    {
        var map = ImportFiles.Empty(name, size.Width, size.Height, limits);
        YoloLabels.Paint(map, ImportFiles.Read(label, limits), label, classes);
        return map;
    }

    private static (int Width, int Height) Size(string name, string label, string? picture, Dictionary<string, (int, int)> sizes, ImageLimits limits) =>
        picture is not null ? PictureLookup.Size(picture, limits)
        : sizes.TryGetValue(name[..^Path.GetExtension(name).Length], out var told) ? told
        : throw new ImportException($"{label}: its picture {name} (or with another ending) is missing, which tells its size. Put the pictures where data.yaml says, or give their folder by --pictures.");

    private static long PixelsOf(string name, string? picture, Dictionary<string, (int Width, int Height)> sizes, ImageLimits limits) =>
        picture is not null ? PictureLookup.Pixels(picture, limits)
        : sizes.TryGetValue(name[..^Path.GetExtension(name).Length], out var told) ? ImportFiles.Pixels(told.Width, told.Height) : 0;

    private static IReadOnlyList<LabelClass> ClassesOf(string file)
    {
        try
        {
            return LabelReader.Load(file).Set.Classes;
        }
        catch (LabelSetException error)
        {
            throw new ImportException(error.Message, error);
        }
    }

    /// <summary>The label files below the root, and those of the pictures that lists name elsewhere or that have none of <c>labels</c> in their path.</summary>
    private static SortedSet<string> Labels(YoloYaml yaml, YoloPlaces places, CancellationToken cancellationToken)
    {
        var labels = new SortedSet<string>(ImportFiles.Below(yaml.Root, cancellationToken).Where(YoloPlaces.IsLabel).Select(name => Path.GetFullPath(Path.Combine(yaml.Root, name))), StringComparer.Ordinal);
        labels.UnionWith(places.Listed.Where(File.Exists));
        return labels;
    }

    /// <summary>The pictures of the folders and lists that the file names, as far as they exist.</summary>
    private static IEnumerable<string> Listed(YoloYaml yaml, CancellationToken cancellationToken)
    {
        foreach (var (_, entry) in yaml.Entries)
            if (Directory.Exists(entry))
                foreach (var name in ImportFiles.Below(entry, cancellationToken).Where(ImageDecoder.HasEnding))
                    yield return Path.Combine(entry, name);
            else if (entry.EndsWith(".txt", StringComparison.Ordinal) && File.Exists(entry))
                foreach (var (index, line) in File.ReadLines(entry).Select(line => line.Trim()).Index().Where(item => item.Item.Length > 0))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    YoloYaml.RequirePath(line, $"{entry}, line {index + 1}");
                    // A line that begins with ./ is relative to the list; YOLO's tools take others from where they run, which is nowhere here.
                    yield return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(entry)!, line));
                }
    }
}
