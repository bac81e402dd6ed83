using Sclip.Contracts;
using Sclip.Formats.Writing;
using Sclip.Imaging;

namespace Sclip.Formats.Pictures;

/// <summary>
/// Lays pictures where the format's readers look for them. A picture keeps its bytes, unless its readers take another kind of file there, or it is stored
/// turned: masks are of the upright picture, and not all readers turn it.
/// </summary>
internal sealed class PictureLayer
{
    private const int JpegQuality = 95;
    private readonly PictureFiles _files;
    private readonly ExportOptions _options;
    private readonly WatchedDecoder _decoder = new();
    private readonly Dictionary<string, long> _taken = [];

    private PictureLayer(PictureFiles files, ExportOptions options) => (_files, _options) = (files, options);

    /// <summary>What was laid so far.</summary>
    public PictureCounts Counts { get; private set; } = new();

    /// <summary>What lays the pictures of a source; null where they are not asked for.</summary>
    /// <exception cref="ExportException">It is not known where they are, or a folder of them is not there, or lies in the folder of the export.</exception>
    public static PictureLayer? Of(ExportSource source, ExportOptions options, string output)
    {
        if (options.Pictures == PictureTransfer.None)
            return null;
        if (options.PictureFolders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new ExportException($"--pictures {missing}: there is no such folder.");
        var files = options.PictureFolders.Count > 0 ? new FolderPictures(options.PictureFolders, source.Prefix)
            : source.Pictures ?? throw new ExportException($"{source.Folder} does not say where its pictures are. Say it by --pictures DIR.");
        if (files.Folders.Count > 0 && !files.Folders.Any(Directory.Exists))
            throw new ExportException($"the folder of the pictures, {files.Folders[0]}, is not there any more. Say where they are by --pictures DIR.");
        // What is there of an earlier export is deleted once this one is whole.
        if (files.Folders.FirstOrDefault(folder => $"{Real(folder)}/".StartsWith($"{Real(output)}/", StringComparison.Ordinal)) is { } within)
            throw new ExportException($"the pictures lie in {within}, which is in the folder of the export, and is replaced with it. Choose another --out.");
        return new PictureLayer(files, options);
    }

    /// <summary>Makes ready what will be laid; may run at the same time as others.</summary>
    /// <exception cref="PictureException">The picture is not there, cannot be read, or is not the one of the mask.</exception>
    public async Task<LaidPicture> PrepareAsync(LabelledPicture picture, ImageResult result, CancellationToken cancellationToken)
    {
        var source = await _files.ReadAsync(result, cancellationToken);
        var (name, head) = (_options.Format.PictureAt!(picture), PictureHead.Read(source.Bytes));
        var ending = Path.GetExtension(name);
        var isJpeg = IsJpeg(ending);
        var isOther = !ending.Equals(Path.GetExtension(picture.Image), StringComparison.OrdinalIgnoreCase) && !(isJpeg ? head.IsJpeg : head.IsPng);
        var isRewritten = isOther || head.IsTurned;
        // What a decoder alone knows is rarely wanted: the size of other kinds, and whether a file that breaks off can be read at all.
        var image = isRewritten || head.Size is null || !head.IsWhole ? await DecodeAsync(picture.Image, source.Bytes, cancellationToken) : null;
        var (width, height) = image is null ? head.Size!.Value : (image.Width, image.Height);
        if ((width, height) != (picture.Map.Width, picture.Map.Height))
            throw new PictureException($"its picture{(source.Path is { } path ? $" {path}" : "")} has {width} x {height} pixels, and its mask {picture.Map.Width} x {picture.Map.Height}: it is another picture, or has changed since. Label it again.");
        var isLinked = _options.Pictures == PictureTransfer.Link && !isRewritten && source.Path is not null;
        return new LaidPicture(
            name,
            isLinked ? [] : isRewritten ? Encode(image!, isJpeg) : source.Bytes,
            isLinked ? source.Path : null,
            new PictureCounts
            {
                Linked = isLinked ? 1 : 0,
                Copied = isLinked || isRewritten ? 0 : 1,
                Rewritten = isRewritten ? 1 : 0,
                Turned = head.IsTurned ? 1 : 0,
                Changed = result.InputBytes is { } bytes && bytes != source.Bytes.Length ? 1 : 0,
            },
            _files.Folders.Count > 0 ? FileEndings.Of(source.Path) : null);
    }

    /// <summary>Lays a picture in its place, which is free; called for one after the other.</summary>
    public static async Task LayAsync(LaidPicture picture, ExportFolder folder, CancellationToken cancellationToken)
    {
        if (picture.Target is { } target)
            folder.Link(picture.Name, target);
        else
            await folder.WriteAsync(new PictureFile(picture.Name, picture.Bytes), cancellationToken);
    }

    /// <summary>Counts a picture that is in the export.</summary>
    public void Count(LaidPicture picture)
    {
        Counts = Counts with
        {
            Copied = Counts.Copied + picture.Counts.Copied,
            Linked = Counts.Linked + picture.Counts.Linked,
            Rewritten = Counts.Rewritten + picture.Counts.Rewritten,
            Turned = Counts.Turned + picture.Counts.Turned,
            Changed = Counts.Changed + picture.Counts.Changed,
        };
        if (picture.Ending is { } ending)
            FileEndings.Count(_taken, ending);
    }

    /// <summary>Counts what lies beside the pictures, and tells what their names alone do not.</summary>
    public void End(string output, List<string> notices, CancellationToken cancellationToken)
    {
        if (LeftFiles.Count(_files.Folders, _taken, Path.GetFullPath(output), cancellationToken) is { } left)
            Counts = Counts with { LeftFiles = left };
        else
            notices.Add("the pictures' folders hold more than a million other files, which are not counted.");
        if (_options.Format.NamesByAddress && _options.ImagePrefix.Length == 0)
            notices.Add("tasks name the pictures without an address: Label Studio finds them by --image-prefix '/data/local-files/?d=images/', where its LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED is true and its LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT is the export.");
    }

    private async Task<RgbImage> DecodeAsync(string name, byte[] file, CancellationToken cancellationToken)
    {
        try
        {
            return await _decoder.RunAsync(name, token => _decoder.Decode(file, ImageLimits.Default, token), cancellationToken);
        }
        catch (ImageDecodeException error)
        {
            throw new PictureException($"its picture: {error.Message}");
        }
    }

    private static byte[] Encode(RgbImage image, bool isJpeg)
    {
        // Readers tell the kind by the first bytes, also of a PNG called .webp or .tif.
        try
        {
            return isJpeg ? JpegEncoder.Encode(image, JpegQuality) : PngWriter.Rgb(image);
        }
        catch (InvalidOperationException error)
        {
            throw new PictureException($"its picture cannot be rewritten: {error.Message}");
        }
    }

    /// <summary>A folder's path without links, as far as it exists.</summary>
    private static string Real(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(full) && Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target)
            full = Path.TrimEndingDirectorySeparator(target.FullName);
        return Path.GetDirectoryName(full) is { } above && above != full ? Path.Join(Real(above), Path.GetFileName(full)) : full;
    }

    private static bool IsJpeg(string ending) => ending.Equals(".jpg", StringComparison.OrdinalIgnoreCase) || ending.Equals(".jpeg", StringComparison.OrdinalIgnoreCase);
}
