using System.Numerics.Tensors;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems;

/// <summary>
/// How GroupViT's authors turn segments into scores, and SegCLIP's after them: each pixel belongs to one segment, and takes its scores. Of a segment, those of the
/// names that are nearest to the whole picture alone are kept, and multiplied by what they were among all names; the paper says nothing of either.
/// </summary>
internal static class GroupScores
{
    private const int NamesKept = 5;
    private const float LargestScale = 100;

    /// <summary>The factor of cosines, which models hold as its logarithm.</summary>
    public static float LogitScale(float logarithm) => MathF.Min(MathF.Exp(logarithm), LargestScale);

    /// <summary>The scores of a window's pixels.</summary>
    public static Matrix Of(SystemWindow window, Segments segments, float logitScale)
    {
        var scores = OfSegments(window, segments, logitScale);
        if (window.BackgroundThreshold is { } threshold)
            scores = WithBackground(scores, threshold);
        return Grouping.OneHot(window.Algebra, Owners(segments, window.Size), segments.Features.Rows) * scores;
    }

    /// <summary>The scores of the segments, <c>[segments, names]</c>: softmax over the names kept, times softmax over all.</summary>
    public static Matrix OfSegments(SystemWindow window, Segments segments, float logitScale)
    {
        var names = window.Names!;
        var logits = logitScale * segments.Features.UnitRows().TimesTransposed(names);
        var near = segments.Picture.UnitRows().TimesTransposed(names).ToArray();
        var left = new float[names.Rows];
        foreach (var name in Enumerable.Range(0, names.Rows).OrderByDescending(name => near[name]).Skip(NamesKept))
            left[name] = float.NegativeInfinity;
        return (logits + window.Algebra.From(left, 1, names.Rows)).Softmax() & logits.Softmax();
    }

    /// <summary>The segment of each pixel, row by row: where the map, stretched over the window, is greatest.</summary>
    public static int[] Owners(Segments segments, WindowSize size) => Grouping.BestOfRows(Stretched(segments, size), segments.Map.Columns);

    /// <summary>The map stretched over the window, bilinearly, <c>[height, width, segments]</c>.</summary>
    public static float[] Stretched(Segments segments, WindowSize size)
    {
        var map = new float[size.Height * size.Width * segments.Map.Columns];
        BilinearResize.Pixels(segments.Map.ToArray(), segments.GridHeight, segments.GridWidth, segments.Map.Columns, map, size.Height, size.Width);
        return map;
    }

    /// <summary>A column in front: 1 where the best score is below the threshold, or below the best of all segments where that is less.</summary>
    private static Matrix WithBackground(Matrix scores, float threshold)
    {
        var (values, names) = (scores.ToArray(), scores.Columns);
        var least = Math.Min(threshold, TensorPrimitives.Max<float>(values));
        var all = new float[scores.Rows * (names + 1)];
        for (var segment = 0; segment < scores.Rows; segment++)
        {
            var own = values.AsSpan(segment * names, names);
            all[segment * (names + 1)] = TensorPrimitives.Max<float>(own) < least ? 1 : 0;
            own.CopyTo(all.AsSpan(segment * (names + 1) + 1));
        }
        return scores.Algebra.From(all, scores.Rows, names + 1);
    }
}
