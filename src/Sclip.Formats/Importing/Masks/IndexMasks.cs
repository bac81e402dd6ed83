using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Formats.Importing.Masks;

/// <summary>
/// Folders of masks, PNG or TIFF: class indices as grey, palette or three equal channels, or the classes' colours. They lie in <c>ann_dir/SPLIT/</c>,
/// <c>masks/</c>, or the folder itself. A picture is called by its mask's path; by its own name where it is found in <c>img_dir/SPLIT/</c>,
/// <c>images/</c> or the folder of pictures.
/// </summary>
internal static class IndexMasks
{
    private static readonly string[] Endings = [".png", ".tif", ".tiff"];

    /// <summary>Opens a folder with masks; null where it has none.</summary>
    /// <exception cref="ImportException">Nothing tells the classes.</exception>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            return null;
        var isSplit = Directory.Exists(Path.Combine(path, "ann_dir"));
        var root = options.Masks ?? (isSplit ? Path.Combine(path, "ann_dir") : Path.Combine(path, "masks") is var masks && Directory.Exists(masks) ? masks : path);
        var (files, passedOver) = (new FileAnnotations.Files(), new PassedOver());
        foreach (var name in ImportFiles.Below(root, cancellationToken))
            if (Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
                files.Add(PictureOf(name, path, isSplit, options), Path.Combine(root, name));
            else
                passedOver.Add(name);
        if (files.Count == 0)
            return null;
        var known = ClassesOf(path, root, options);
        var areColors = AreColors(files, known ?? [], options, cancellationToken);
        if (known is not { } classes)
            // Colours without classes may be those of regions, which another document tells of.
            return areColors && options.Format is null ? null : throw new ImportException($"{path} holds masks, and nothing tells their classes. Give them by --labels, in the order of their indices{(areColors ? " and with colours" : "")}.");
        var indices = new MaskIndices(classes.Count, options);
        var colors = areColors ? new ColorTable(classes, options.VoidColors, path) : null;
        return new FileAnnotations("masks", classes, files, (_, file) => PictureLookup.Pixels(file, options.Limits), (_, file) => Read(file, indices, colors, options)) { Notices = passedOver.Describe() is { } notice ? [notice] : [] };
    }

    private static LabelMap Read(string path, MaskIndices indices, ColorTable? colors, ImportOptions options)
    {
        var file = ImportFiles.Read(path, options.Limits);
        var decoded = MaskIndices.Decode(file, path, options.Limits);
        if (decoded.Colors is null || colors is null && decoded.Labels is not null)
            return indices.Finish(file, decoded, path);
        return colors is not null ? colors.Read(decoded.Colors, path)
            : throw new ImportException($"{path}: it is a mask of colours, and others of the folder are of class indices. Import them one by one.");
    }

    /// <summary>
    /// Whether the masks are of colours. Three equal channels, as black has, may be a colour or an index: the first file that can be but one of the two
    /// tells; where none is, they are colours if all of them are those of classes, or void.
    /// </summary>
    private static bool AreColors(FileAnnotations.Files files, IReadOnlyList<LabelClass> classes, ImportOptions options, CancellationToken cancellationToken)
    {
        var greys = classes.Select(label => label.Color).OfType<RgbColor>().Concat(options.VoidColors).Where(color => color.R == color.G && color.G == color.B).Select(color => (ushort)color.R).ToHashSet();
        var (isAny, areGreys) = (false, true);
        foreach (var file in files.Pictures.Select(picture => files.Of(picture)!))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (!MayHoldColors(file) || MaskIndices.Decode(ImportFiles.Read(file, options.Limits), file, options.Limits) is not { Colors: not null } decoded)
                    continue;
                if (decoded.Labels is not { } values)
                    return true;
                isAny = true;
                var strangers = values.Distinct().Where(value => !greys.Contains(value)).ToArray();
                areGreys &= strangers.Length == 0;
                if (Array.Exists(strangers, value => value > 0 && value < classes.Count))
                    return false;
            }
            catch (Exception error) when (error is ImportException or IOException or UnauthorizedAccessException)
            {
                // It is told where its picture is read.
            }
        }
        return isAny && areGreys;
    }

    /// <summary>Whether a file is none of the PNGs whose beginning tells that they are grey or have a palette.</summary>
    private static bool MayHoldColors(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[64];
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return head is not [0x89, (byte)'P', (byte)'N', (byte)'G', ..] || MaskDecoder.HoldsColors(head);
    }

    private static string PictureOf(string mask, string path, bool isSplit, ImportOptions options)
    {
        // The first folder below ann_dir is the split's.
        var split = isSplit && mask.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? mask[..slash] : "";
        var name = split.Length > 0 ? mask[(split.Length + 1)..] : mask;
        var stem = name[..^Path.GetExtension(name).Length];
        if (ImageDecoder.HasEnding(stem))
            return stem;
        return PictureLookup.Find(stem, options.Pictures, isSplit ? Path.Combine(path, "img_dir", split) : Path.Combine(path, "images"))?.Name ?? name;
    }

    private static IReadOnlyList<LabelClass>? ClassesOf(string path, string root, ImportOptions options)
    {
        try
        {
            foreach (var folder in (string[])[path, root, Path.GetDirectoryName(Path.GetFullPath(path).TrimEnd('/')) ?? path])
                if (MaskLabels.Read(folder, options.Labels) is { } classes)
                    return classes;
        }
        catch (LabelSetException error)
        {
            throw new ImportException(error.Message, error);
        }
        return options.Labels;
    }
}
