using System.Globalization;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>How many bytes the kept features of pictures take: by the sizes of pictures as far as their files tell them, else for pictures of 4:3.</summary>
/// <param name="cut">How features lie in windows.</param>
/// <param name="dimension">Values of a feature.</param>
/// <param name="options">Method and windows.</param>
/// <param name="shortSide">Short side in pixels that pictures are resized to; 0 leaves them as they are.</param>
/// <param name="encoding">How features are kept.</param>
internal sealed class FeatureEstimate(PatchCut cut, int dimension, SegmentationOptions options, int shortSide, string encoding)
{
    private const int LookedAt = 200, Head = 1 << 16, FingerprintLength = 64, HashLength = 32;
    private static readonly (int Width, int Height) Usual = (1024, 768);

    /// <summary>Bytes for so many pictures of 4:3, which are of 1024 x 768 where they are not resized.</summary>
    public long OfUsual(long pictures) => pictures * BytesOf("", Usual);

    /// <summary>Bytes for pictures on this machine, of which some are looked at where there are many; those whose size is not told are taken to be as the others.</summary>
    /// <returns>The bytes, and how they are known; null where exactly.</returns>
    private (long Bytes, string? Basis) Of(IReadOnlyList<PictureReference> pictures, long mostPixels)
    {
        var sample = Math.Min(LookedAt, pictures.Count);
        var (sum, known) = (0L, 0);
        for (var i = 0; i < sample; i++)
        {
            var picture = pictures[(int)((long)i * pictures.Count / sample)];
            if (SizeOf(picture) is not { } size || (long)size.Width * size.Height > mostPixels)
                continue;
            sum += BytesOf(picture.Name, size);
            known++;
        }
        return known == 0
            ? (OfUsual(pictures.Count), "estimated for pictures of 4:3")
            : ((long)(sum * ((double)pictures.Count / known)), known == pictures.Count ? null : string.Create(CultureInfo.InvariantCulture, $"estimated from the sizes of {known:N0} of {pictures.Count:N0} pictures"));
    }

    private long BytesOf(string image, (int Width, int Height) size)
    {
        var (width, height) = ImageResizer.SizeByShortSide(size.Width, size.Height, shortSide);
        return FeatureFile.SizeOf(new FeatureHeader
        {
            Image = image,
            Model = new string('0', FingerprintLength),
            Weights = new string('0', HashLength),
            File = new string('0', HashLength),
            Precision = EnginePrecisions.NameOf(EnginePrecision.Float32),
            Method = options.Method,
            Width = size.Width,
            Height = size.Height,
            ModelWidth = width,
            ModelHeight = height,
            ShortSide = shortSide,
            Crop = options.Crop,
            Stride = options.Stride,
            Patch = cut.Size,
            PatchStride = cut.Step == cut.Size ? null : cut.Step,
            Padding = cut.PadTo == 1 ? null : cut.PadTo,
            Dimension = dimension,
            Encoding = encoding,
        });
    }

    /// <summary>A picture's size by its file's beginning; null where that does not tell it, or cannot be read.</summary>
    private static (int Width, int Height)? SizeOf(PictureReference picture)
    {
        if (picture.Store is not FileBlobStore { Root: var root } || picture.Bytes is not > 0)
            return null;
        try
        {
            using var file = File.OpenRead(Path.Combine(root, picture.BlobName));
            var head = new byte[Head];
            var read = file.ReadAtLeast(head, Head, throwOnEndOfStream: false);
            return PictureHead.Read(head.AsSpan(0, read)).Upright is { Width: > 0, Height: > 0 } size ? size : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It fails as a picture, later.
            return null;
        }
    }

    /// <summary>Tells before a run what its features will take, and where the disk has less left.</summary>
    /// <param name="context">Where it tells.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="mostPixels">Larger pictures are refused, and keep none.</param>
    /// <param name="output">The output folder.</param>
    public async Task TellAsync(CliContext context, IReadOnlyList<PictureReference> pictures, long mostPixels, string output)
    {
        var (bytes, basis) = Of(pictures, mostPixels);
        await context.Output.WriteLineAsync($"keeping features in {Path.Combine(output, "features")}: {(basis is null ? "" : "about ")}{Figures.Bytes(bytes)} ({encoding}{(basis is null ? "" : $", {basis}")})");
        if (FreeBytes(output) is { } free && free < bytes)
            await context.Error.WriteLineAsync($"warning: the disk of {output} has {Figures.Bytes(free)} left. Where it fills up the run ends; what is labelled stays, and the same command goes on.");
    }

    /// <summary>What the disk of a folder has left; null where the system does not tell.</summary>
    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception error) when (error is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
