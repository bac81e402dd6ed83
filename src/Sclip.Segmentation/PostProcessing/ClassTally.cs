using System.Buffers;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// Pixels of each class, and the sums of their scores and doubts in units of <see cref="LabelMapper.Unit"/>. Rows may be added from several threads, in any order,
/// to the same sums.
/// </summary>
internal sealed class ClassTally(int classes)
{
    public long[] Pixels { get; } = new long[classes];

    public long[] Scores { get; } = new long[classes];

    public long[] Doubts { get; } = new long[classes];

    /// <summary>Adds a row of pixels.</summary>
    public void Add(ReadOnlySpan<ushort> labels, ReadOnlySpan<float> scores, ReadOnlySpan<float> doubts)
    {
        var rented = ArrayPool<long>.Shared.Rent(3 * classes);
        Array.Clear(rented);
        Span<long> rowPixels = rented.AsSpan(0, classes), rowScores = rented.AsSpan(classes, classes), rowDoubts = rented.AsSpan(2 * classes, classes);
        for (var x = 0; x < labels.Length;)
        {
            // Neighbours are mostly of one class: what they add up to is kept out of memory.
            var (first, label, score, doubt) = (x, labels[x], 0L, 0L);
            for (; x < labels.Length && labels[x] == label; x++)
            {
                score += (long)(scores[x] * LabelMapper.Unit);
                doubt += (long)(doubts[x] * LabelMapper.Unit);
            }
            rowPixels[label] += x - first;
            rowScores[label] += score;
            rowDoubts[label] += doubt;
        }
        for (var i = 0; i < classes; i++)
        {
            if (rowPixels[i] == 0)
                continue;
            Interlocked.Add(ref Pixels[i], rowPixels[i]);
            Interlocked.Add(ref Scores[i], rowScores[i]);
            Interlocked.Add(ref Doubts[i], rowDoubts[i]);
        }
        ArrayPool<long>.Shared.Return(rented);
    }
}
