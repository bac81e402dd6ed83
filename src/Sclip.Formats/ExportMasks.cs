using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;

namespace Sclip.Formats;

/// <summary>Reads the masks of what is exported, and holds them to what their results tell of them.</summary>
/// <param name="source">What is exported.</param>
internal sealed class ExportMasks(ExportSource source)
{
    /// <summary>Reads a picture's mask.</summary>
    /// <exception cref="PictureException">There is none, or it is another picture's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<LabelMap> ReadAsync(ImageResult result, CancellationToken cancellationToken) => Decode(result, await ReadFileAsync(result, cancellationToken));

    /// <summary>Reads how much each pixel of a mask is in doubt.</summary>
    /// <exception cref="PictureException">There is no doubt map, or it is another picture's.</exception>
    /// <exception cref="BlobStoreException">The store does not answer.</exception>
    public async Task<ushort[]> ReadDoubtAsync(ImageResult result, LabelMap map, CancellationToken cancellationToken)
    {
        if (result.DoubtMap is not { } name || JobNames.Refusal(name) is not null)
            throw new PictureException("it has no doubt map, which --max-region-doubt goes by; label it with --doubt, or a job with --formats doubt.");
        try
        {
            var (doubts, width, height) = MaskDecoder.Read((await source.Masks.ReadAsync(name, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes, ImageLimits.Default);
            return (width, height) == (map.Width, map.Height) ? doubts : throw new PictureException($"its doubt map {name} has {width} x {height} pixels, and its mask {map.Width} x {map.Height}.");
        }
        catch (Exception error) when (error is ImageDecodeException or BlobStoreException { Fault: not BlobStoreFault.Unavailable })
        {
            throw new PictureException($"its doubt map {name}: {error.Message}");
        }
    }

    private async Task<byte[]> ReadFileAsync(ImageResult result, CancellationToken cancellationToken)
    {
        if (JobNames.Refusal(result.Image) is { } refusal)
            throw new PictureException(refusal);
        if (result.Mask is not { } mask || JobNames.Refusal(mask) is not null)
            throw new PictureException("its result names no mask.");
        try
        {
            return (await source.Masks.ReadAsync(mask, ImageLimits.Default.MaxFileBytes, cancellationToken)).Bytes;
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            throw new PictureException(error.Message);
        }
    }

    private LabelMap Decode(ImageResult result, byte[] png)
    {
        try
        {
            var (labels, width, height) = MaskDecoder.Read(png, ImageLimits.Default);
            if ((result.Width ?? width, result.Height ?? height) != (width, height))
                throw new PictureException($"its mask {result.Mask} has {width} x {height} pixels, and the result says {result.Width} x {result.Height}.");
            return Outside(labels) is >= 0 and var outside
                ? throw new PictureException($"its mask {result.Mask} holds class {labels[outside]}, and there are {source.Classes.Count}: it was made with other labels.")
                : Told(result, new LabelMap(labels, width, height));
        }
        catch (ImageDecodeException error)
        {
            throw new PictureException($"its mask {result.Mask}: {error.Message}");
        }
    }

    /// <summary>Makes nothing of what is void, and finds the first pixel of no class; -1 where there is none.</summary>
    private int Outside(ushort[] labels)
    {
        var highest = (ushort)(source.Classes.Count - 1);
        if (source.Void is not { } none)
            return labels.AsSpan().IndexOfAnyExceptInRange((ushort)0, highest);
        labels.AsSpan().Replace((ushort)none, LabelMap.Nothing);
        return Array.FindIndex(labels, label => label > highest && label != LabelMap.Nothing);
    }

    private LabelMap Told(ImageResult result, LabelMap mask) =>
        source.CountedNames is { } names && !ResultMask.Agree(result, mask, names)
            ? throw new PictureException($"its mask {result.Mask} has other pixels than its result counts: it is the mask of another picture or run. Bring it again by the same `sclip results`, or label it again by the same `sclip label`.")
            : mask;
}
