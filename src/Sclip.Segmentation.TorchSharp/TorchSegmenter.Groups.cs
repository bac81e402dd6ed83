using System.Runtime.InteropServices;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.TorchSharp;

/// <summary>Which pictures are given to the device together, and which of their windows share a forward pass.</summary>
public sealed partial class TorchSegmenter
{
    private static (int Height, int Width) SizeOf(SegmentationInput picture) =>
        picture.ModelWidth == 0 ? (picture.Height, picture.Width) : (picture.ModelHeight, picture.ModelWidth);

    /// <summary>Pictures from an index on whose windows share a forward pass; at least one.</summary>
    private int CountOfGroup(IReadOnlyList<SegmentationInput> pictures, int first, SegmentationOptions options)
    {
        // Two buffers of so many bytes are held on each side, and a span has 31 bits.
        const long MostBytes = 512L << 20;
        var (count, windows, bytes) = (0, 0, 0L);
        for (var i = first; i < pictures.Count; i++, count++)
        {
            var (height, width) = SizeOf(pictures[i]);
            windows += SlidingWindow.Cover(height, width, options.Crop, options.Stride).Length;
            bytes += (long)pictures[i].Height * pictures[i].Width * 3;
            if (count > 0 && (windows > _budget.Now || bytes > MostBytes))
                break;
        }
        return count;
    }

    /// <summary>Gives a group to the device; null where its memory is too small for that, and the next group is to be smaller.</summary>
    /// <exception cref="OutOfMemoryException">A single window of a single picture does not fit.</exception>
    private PictureGroup? TryCompute(SegmentationInput[] pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var group = Compute(pictures, labels, options, cancellationToken);
            _budget.Succeed();
            return group;
        }
        catch (ExternalException error) when (TorchFault.IsOutOfMemory(error))
        {
            if (!_budget.TryHalve())
                throw new OutOfMemoryException($"{_device.Name} has not enough memory for the picture.", error);
            return null;
        }
    }

    /// <summary>Windows that share a forward pass: of one size, and not more than the device takes; those of a picture stay in order.</summary>
    private IEnumerable<(OpenPicture Picture, Window[] Windows)[]> Batches(OpenPicture[] open)
    {
        foreach (var sized in open.SelectMany(picture => picture.Windows.Select(window => (picture, window))).GroupBy(item => (item.window.Height, item.window.Width)))
            foreach (var batch in sized.Chunk(_budget.Now))
                yield return [.. batch.GroupBy(item => item.picture).Select(item => (item.Key, item.Select(part => part.window).ToArray()))];
    }
}
