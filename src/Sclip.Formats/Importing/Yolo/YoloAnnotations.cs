using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Yolo;

/// <summary>YOLO's segmentation: <c>data.yaml</c> and <c>labels/**.txt</c>. The pictures tell their sizes, which the text files do not.</summary>
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
        var (yaml, classes) = file is not null ? (YoloYaml.Read(file), ClassesOf(file))
            : (YoloYaml.OfFolder(path), options.Labels ?? throw new ImportException($"{path} holds YOLO's labels, and no data.yaml that tells their classes. Give the folder that has it, or the classes by --labels."));
        var places = new YoloPlaces(yaml, options.Pictures);
        var (files, paths, boxes) = (new FileAnnotations.Files(), new Dictionary<string, string>(StringComparer.Ordinal), 0L);
        foreach (var label in Labels(yaml, cancellationToken))
        {
            var (name, picture) = places.PictureOf(label);
            files.Add(name, label);
            if (picture is not null)
                paths.Add(name, picture);
            boxes += YoloLabels.Boxes(ImportFiles.Read(label, options.Limits));
        }
        if (files.Count == 0)
            throw new ImportException($"{path}: there are no labels (labels/**.txt) in {yaml.Root}.");
        var unlabelled = Unlabelled(yaml, places, files, cancellationToken);
        string?[] notices =
        [
            boxes > 0 ? $"{boxes} {(boxes == 1 ? "line is a box, which is no mask: it was" : "lines are boxes, which are no masks: they were")} not read." : null,
            unlabelled > 0 ? $"{unlabelled} {(unlabelled == 1 ? "picture" : "pictures")} without a label file: passed over." : null,
        ];
        return new FileAnnotations("YOLO segmentation", classes, files, (name, label) => Read(name, label, paths.GetValueOrDefault(name), classes.Count, options.Limits)) { LeavesBackground = true, Notices = [.. notices.OfType<string>()] };
    }

    private static bool HasLabels(string path) => Path.Combine(path, "labels") is var labels && Directory.Exists(labels) && Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories).Any();

    private static LabelMap Read(string name, string label, string? picture, int classes, ImageLimits limits)
    {
        if (picture is null)
            throw new ImportException($"{label}: its picture {name} (or with another ending) is missing, which tells its size. Put the pictures where data.yaml says, or give their folder by --pictures.");
        var (width, height) = PictureFiles.Size(picture, limits);
        var map = ImportFiles.Empty(name, width, height, limits);
        YoloLabels.Paint(map, ImportFiles.Read(label, limits), label, classes);
        return map;
    }

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
    private static HashSet<string> Labels(YoloYaml yaml, CancellationToken cancellationToken)
    {
        var labels = new HashSet<string>(ImportFiles.Below(yaml.Root, cancellationToken).Where(YoloPlaces.IsLabel).Select(name => Path.GetFullPath(Path.Combine(yaml.Root, name))), StringComparer.Ordinal);
        labels.UnionWith(Listed(yaml, cancellationToken).Select(YoloPlaces.LabelOf).Where(File.Exists));
        return labels;
    }

    /// <summary>How many pictures have no label file.</summary>
    private static long Unlabelled(YoloYaml yaml, YoloPlaces places, FileAnnotations.Files files, CancellationToken cancellationToken) =>
        Listed(yaml, cancellationToken).Select(places.NameOf).Distinct(StringComparer.Ordinal).LongCount(name => files.Of(name) is null);

    /// <summary>The pictures of the folders and lists that the file names, as far as they exist.</summary>
    private static IEnumerable<string> Listed(YoloYaml yaml, CancellationToken cancellationToken)
    {
        foreach (var (_, entry) in yaml.Entries)
            if (Directory.Exists(entry))
                foreach (var name in ImportFiles.Below(entry, cancellationToken).Where(ImageDecoder.HasEnding))
                    yield return Path.Combine(entry, name);
            else if (entry.EndsWith(".txt", StringComparison.Ordinal) && File.Exists(entry))
                foreach (var line in File.ReadLines(entry).Select(line => line.Trim()).Where(line => line.Length > 0))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    // A line that begins with ./ is relative to the list; YOLO's tools take others from where they run, which is nowhere here.
                    yield return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(entry)!, line));
                }
    }
}
