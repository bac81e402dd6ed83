using System.Numerics.Tensors;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Exploration;

/// <summary>Draws the attention of the patches at points of a picture, a heat map a method.</summary>
internal static class PointAttention
{
    private const int Side = 288;

    /// <summary>Draws what the patch at one point attends to, by every method.</summary>
    /// <param name="segmenter">The engine.</param>
    /// <param name="picture">The resized picture.</param>
    /// <param name="point">The point, in pixels of the original.</param>
    /// <param name="width">Width of the original in pixels.</param>
    /// <param name="height">Height of the original in pixels.</param>
    /// <param name="label">The class that it stands for, where nobody chose it.</param>
    /// <param name="embeddings">Embeddings of the class names, of the engine's model.</param>
    /// <param name="options">Methods and windows.</param>
    /// <param name="cancellationToken">Checked between blocks.</param>
    public static PointMaps Draw(
        ManagedSegmenter segmenter, SegmentationInput picture, (int X, int Y) point, int width, int height, string? label, LabelEmbeddings embeddings, ExplorationOptions options,
        CancellationToken cancellationToken)
    {
        var (x, y) = ((point.X + 0.5) * picture.Width / width, (point.Y + 0.5) * picture.Height / height);
        var byMethod = segmenter.Attention(picture, (int)x, (int)y, embeddings, options.Methods, options.Segmentation, cancellationToken);
        var first = byMethod[0];
        var window = Enlarge(Cut(picture, first));
        return new PointMaps(
            point.X, point.Y, label,
            ((double)first.X / picture.Width, (double)first.Y / picture.Height, (double)first.Width / picture.Width, (double)first.Height / picture.Height),
            // A point in the rest that fills no patch is marked at the edge of the patch that stands for it.
            Jpeg.Of(window), (Math.Min((x - first.X) / first.Width, 1), Math.Min((y - first.Y) / first.Height, 1)), [.. byMethod.Select(attention => Draw(attention, Enlarge(Cut(picture, attention))))]);
    }

    private static AttentionMap Draw(PatchAttention attention, RgbImage window)
    {
        var peak = TensorPrimitives.Max<float>(attention.Weights);
        var map = HeatMap.Draw(window, PatchMap.Over<float>(attention.Weights, attention.GridHeight, attention.GridWidth, attention.Patches, attention.Height, attention.Width, window), 0, peak);
        var sum = attention.Weights.Sum(weight => (double)weight);
        var entropy = -attention.Weights.Where(weight => weight > 0).Sum(weight => weight / sum * Math.Log(weight / sum));
        return new AttentionMap(Jpeg.Of(map), peak, attention.Weights[attention.Patch], attention.ClassToken, Math.Exp(entropy), attention.Weights.Length);
    }

    private static RgbImage Cut(SegmentationInput picture, PatchAttention attention)
    {
        var pixels = new byte[attention.Width * attention.Height * 3];
        for (var row = 0; row < attention.Height; row++)
            picture.Rgb.Span.Slice(((attention.Y + row) * picture.Width + attention.X) * 3, attention.Width * 3).CopyTo(pixels.AsSpan(row * attention.Width * 3));
        return new RgbImage(attention.Width, attention.Height, pixels);
    }

    /// <summary>A window may be small, and its patches are to have sharp edges.</summary>
    private static RgbImage Enlarge(RgbImage window)
    {
        var scale = (double)Side / Math.Max(window.Width, window.Height);
        return scale < 1
            ? Thumbnail.Of(window, Side)
            : ImageResizer.Resize(window, Math.Max(1, (int)Math.Round(window.Width * scale)), Math.Max(1, (int)Math.Round(window.Height * scale)));
    }
}
