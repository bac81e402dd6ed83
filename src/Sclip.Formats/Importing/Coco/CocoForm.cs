using System.Text.Json;
using Sclip.Imaging;

namespace Sclip.Formats.Importing.Coco;

/// <summary>Finds COCO's files: one, or those of a folder.</summary>
internal static class CocoForm
{
    /// <summary>What panoptic files are called on the command line.</summary>
    public const string PanopticName = "coco-panoptic";

    private const string Roboflow = "_annotations.coco.json";

    /// <summary>Opens instances or stuff.</summary>
    public static IAnnotationSet? TryOpen(string path, ImportOptions options, CancellationToken cancellationToken) => TryOpen(path, isPanoptic: false, options, cancellationToken);

    /// <summary>Opens panoptic files.</summary>
    public static IAnnotationSet? TryOpenPanoptic(string path, ImportOptions options, CancellationToken cancellationToken) => TryOpen(path, isPanoptic: true, options, cancellationToken);

    private static IAnnotationSet? TryOpen(string path, bool isPanoptic, ImportOptions options, CancellationToken cancellationToken)
    {
        var files = Directory.Exists(path) ? FilesOf(path, options.Limits, cancellationToken) : Is(path, options.Limits, cancellationToken) ? [(path, "")] : [];
        if (files.Count == 0)
            return null;
        var scans = files.Select(item => CocoScan.Of(item.File, options.Limits, cancellationToken)).ToArray();
        if (scans.Index().FirstOrDefault(item => item.Item is { Panoptic: > 0, Segmented: > 0 }) is (var mixed, not null))
            throw new ImportException($"{files[mixed].File} mixes segmentations and panoptic segments.");
        // A file without annotations goes with those of either kind.
        var (hasPanoptic, hasSegmented) = (Array.Exists(scans, scan => scan.Panoptic > 0), Array.Exists(scans, scan => scan.Segmented > 0));
        if (hasPanoptic && hasSegmented)
            throw CombinedSet.Differ(path, files.Select(item => item.File), "they are of several kinds");
        if (isPanoptic != (hasPanoptic || (!hasSegmented && PanopticName.Equals(options.Format, StringComparison.OrdinalIgnoreCase))))
            return null;
        // What a category is shows only in all parts together.
        var annotated = scans.SelectMany(scan => scan.AnnotatedCategories).ToHashSet(StringComparer.Ordinal);
        var opened = new List<(IAnnotationSet Set, string File, string Prefix)>();
        try
        {
            foreach (var ((file, prefix), scan) in files.Zip(scans))
            {
                var coco = CocoFile.Open(file, scan, isPanoptic ? null : annotated, options.Limits);
                opened.Add((isPanoptic ? new CocoPanoptic(coco, options) : new CocoAnnotations(coco, options), file, prefix));
            }
            if ((options.VoidColors.Count > 0 ? "--void-color" : options.Masks is not null && !isPanoptic ? "--masks" : null) is { } useless)
                throw new ImportException($"{useless} does not apply to {opened[0].Set.Form}; leave it out.");
            return opened is [(var only, _, "")] ? only : CombinedSet.Of(path, opened, cancellationToken);
        }
        catch
        {
            foreach (var (set, _, _) in opened)
                set.Dispose();
            throw;
        }
    }

    /// <summary>The files of a folder, and what stands before the names of their pictures: Roboflow's lie beside the pictures, a folder a split.</summary>
    private static List<(string File, string Prefix)> FilesOf(string folder, ImageLimits limits, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(folder, Roboflow)))
            return [(Path.Combine(folder, Roboflow), "")];
        var splits = Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Where(split => File.Exists(Path.Combine(split, Roboflow))).ToArray();
        if (splits.Length > 0)
            return [.. splits.Select(split => (Path.Combine(split, Roboflow), $"{Path.GetFileName(split)}/"))];
        foreach (var place in ((string[])[Path.Combine(folder, "annotations"), folder]).Where(Directory.Exists))
        {
            var (files, damaged) = (new List<string>(), (ImportException?)null);
            foreach (var file in Directory.GetFiles(place, "*.json").Order(StringComparer.Ordinal))
                try
                {
                    if (Is(file, limits, cancellationToken))
                        files.Add(file);
                }
                catch (ImportException error)
                {
                    damaged ??= error;
                }
            // Beside other files, one that cannot be parsed may be anything.
            if (damaged is not null && (files.Count > 0 || Directory.EnumerateFileSystemEntries(place).All(entry => entry.EndsWith(".json", StringComparison.Ordinal))))
                throw damaged;
            if (files.Count > 0)
                return [.. files.Select(file => (file, ""))];
        }
        return [];
    }

    /// <summary>Whether a file is an object in JSON that has what COCO's files have.</summary>
    private static bool Is(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        using (var stream = File.OpenRead(path))
        {
            int next;
            while ((next = stream.ReadByte()) is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF)
            {
            }
            // What is UTF-16 is told by the reader.
            if (next != '{' && !(next is 0xFF or 0xFE && path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
                return false;
        }
        var look = new Look();
        JsonFile.Read(path, look, limits, cancellationToken);
        return look.Found;
    }

    /// <summary>Looks for an array of images or annotations.</summary>
    private sealed class Look : IJsonVisitor
    {
        private bool _isNext;

        public bool Found { get; private set; }

        public bool Visit(ref Utf8JsonReader reader, long offset)
        {
            if (reader.CurrentDepth != 1)
                return true;
            Found = _isNext && reader.TokenType == JsonTokenType.StartArray;
            _isNext = reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("images"u8) || reader.ValueTextEquals("annotations"u8));
            return !Found;
        }
    }
}
