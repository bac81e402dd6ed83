using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Attention;

/// <summary>Patches in which one of some channels has far more than its share of all that stands above the least channel: RF-CLIP's distractions.</summary>
internal static class SinkPatches
{
    /// <summary>The numbers of such patches.</summary>
    /// <param name="patches">Tokens of patches, <c>[patches, width]</c>.</param>
    /// <param name="channels">The channels that tell a sink.</param>
    /// <param name="share">From how many times the mean of all channels on a channel has too much.</param>
    public static int[] Find(Matrix patches, IReadOnlyList<int> channels, float share)
    {
        var (values, width) = (patches.ToArray(), patches.Columns);
        return [.. Enumerable.Range(0, patches.Rows).Where(patch => IsSink(values.AsSpan(patch * width, width)))];

        bool IsSink(ReadOnlySpan<float> token)
        {
            var least = TensorPrimitives.Min(token);
            var all = TensorPrimitives.Sum(token) - width * least;
            foreach (var channel in channels)
                if (token[channel] - least > share / width * all)
                    return true;
            return false;
        }
    }

    /// <summary>A copy with some patches moved towards the mean of the 3 x 3 patches around them, themselves included; beyond the grid there are zeros.</summary>
    /// <param name="patches">Tokens of patches, row by row.</param>
    /// <param name="sinks">Which are moved.</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Its columns.</param>
    /// <param name="blend">The share of the mean in a moved patch.</param>
    public static Matrix Calm(Matrix patches, int[] sinks, int gridHeight, int gridWidth, float blend)
    {
        var calm = patches.Algebra.Stack(patches);
        if (sinks.Length == 0)
            return calm;
        var shares = new float[sinks.Length * patches.Rows];
        foreach (var (row, sink) in sinks.Index())
        {
            var (y, x) = Math.DivRem(sink, gridWidth);
            for (var i = Math.Max(y - 1, 0); i <= Math.Min(y + 1, gridHeight - 1); i++)
                for (var j = Math.Max(x - 1, 0); j <= Math.Min(x + 1, gridWidth - 1); j++)
                    shares[row * patches.Rows + i * gridWidth + j] = blend / 9;
        }
        var moved = (1 - blend) * patches.TakeRows(sinks) + patches.Algebra.From(shares, sinks.Length, patches.Rows) * patches;
        foreach (var (row, sink) in sinks.Index())
            calm.RowRange(sink, 1).Set(moved.RowRange(row, 1));
        return calm;
    }
}
