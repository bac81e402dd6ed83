using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Masks;

/// <summary>
/// NumPy arrays of class indices, <c>[height, width]</c>, in <c>arrays/</c> or the folder itself, whole numbers of any kind: 255 is none up to 255
/// classes, 65535 and -1 always. <c>labels.json</c> tells the names.
/// </summary>
internal static class NpyArrays
{
    private const string Arrays = "arrays", Ending = ".npy";

    /// <summary>Opens a folder with arrays; null where it has none.</summary>
    /// <exception cref="ImportException">Nothing tells the classes.</exception>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            return null;
        var root = Path.Combine(path, Arrays) is var arrays && Directory.Exists(arrays) ? arrays : path;
        // An array among masks is none of theirs.
        if (root == path && (!Directory.EnumerateFiles(path, $"*{Ending}").Any() || Directory.EnumerateFiles(path, "*.png").Any()))
            return null;
        var files = new FileAnnotations.Files();
        foreach (var name in ImportFiles.Below(root, cancellationToken).Where(name => name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)))
            // Nothing tells the picture's own ending.
            files.Add(PictureLookup.Find(name[..^Ending.Length], options.Pictures, Path.Combine(path, "images"))?.Name ?? name[..^Ending.Length] + ".png", Path.Combine(root, name));
        if (files.Count == 0)
            return null;
        var classes = ClassesOf(path, options);
        return new FileAnnotations("NumPy arrays", classes, files, (_, file) => new FileInfo(file) is { Exists: true, Length: var bytes } ? bytes : 0, (picture, file) => Read(picture, file, new MaskIndices(classes.Count, options), options));
    }

    private static LabelMap Read(string picture, string path, MaskIndices indices, ImportOptions options)
    {
        try
        {
            var (values, shape) = Npy.ReadWhole(ImportFiles.Read(path, options.Limits), path, options.Limits.MaxPixels);
            if (shape is not [var height, var width])
                throw new ImportException($"{path}: an array of {shape.Length} axes ({string.Join(", ", shape)}), where [height, width] is read.");
            var map = ImportFiles.Empty(picture, width, height, options.Limits);
            for (var i = 0; i < values.Length; i++)
                map.Labels[i] = values[i] is -1 ? LabelMap.Nothing : values[i] is >= 0 and <= ushort.MaxValue and var value ? (ushort)value : throw indices.Stranger(i % width, i / width, values[i], path);
            indices.Check(map, path);
            return map;
        }
        catch (InvalidDataException error)
        {
            throw new ImportException(error.Message, error);
        }
    }

    private static IReadOnlyList<LabelClass> ClassesOf(string path, ImportOptions options)
    {
        try
        {
            return MaskLabels.Read(path, options.Labels) ?? options.Labels
                ?? throw new ImportException($"{path} holds arrays, and nothing tells their classes. Give them by --labels, in the order of their indices.");
        }
        catch (LabelSetException error)
        {
            throw new ImportException(error.Message, error);
        }
    }
}
