using System.Numerics.Tensors;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// The morphological closing of a finished label map, 3 x 3, over the numbers of its classes: each pixel takes the largest number around it, then the smallest of
/// those. Small holes are closed by classes of higher numbers, so that their order matters.
/// </summary>
internal static class LabelMapClosing
{
    /// <summary>Closes a map <c>[height, width]</c>; there is nothing beyond its borders.</summary>
    public static void Close(Span<ushort> map, int height, int width)
    {
        Spread(map, height, width, TensorPrimitives.Max);
        Spread(map, height, width, TensorPrimitives.Min);
    }

    /// <summary>Combines each pixel with its eight neighbours: along rows, then along columns.</summary>
    private static void Spread(Span<ushort> map, int height, int width, Combination combine)
    {
        ushort[] original = [.. map];
        for (var y = 0; y < height; y++)
        {
            ReadOnlySpan<ushort> source = original.AsSpan(y * width, width);
            var row = map.Slice(y * width, width);
            combine(row[1..], source[..^1], row[1..]);
            combine(row[..^1], source[1..], row[..^1]);
        }
        map.CopyTo(original);
        // Rows below and above stand a row further in the same memory.
        combine(map[width..], original.AsSpan(0, original.Length - width), map[width..]);
        combine(map[..^width], original.AsSpan(width), map[..^width]);
    }

    private delegate void Combination(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> target);
}
