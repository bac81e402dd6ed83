using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// Scores of the label map's pixels row by row: the two rows of logits around a row are mixed once, then each pixel's names are mixed
/// from two neighbours of that row. Nothing of the size [names, height, width] is held.
/// </summary>
internal sealed unsafe class RowScores : IPixelScores
{
    private const int RowsOfTask = 8;
    private const int BandBytes = 32 << 20;

    private readonly LogitMap _logits;
    private readonly LabelEmbeddings _labels;
    private readonly float _scale;
    private readonly Threads _threads;
    private readonly int _height, _width;
    private readonly Tap[] _rows, _columns;

    // Where each class's names begin, and where the last's end.
    private readonly int[] _firstName;

    public RowScores(LogitMap logits, int height, int width, LabelEmbeddings labels, float scale, Threads threads)
    {
        (_logits, _height, _width, _labels, _scale, _threads) = (logits, height, width, labels, scale, threads);
        (_rows, _columns) = (BilinearResize.Taps(logits.Height, height), BilinearResize.Taps(logits.Width, width));
        _firstName = FirstNames(labels);
    }

    public void FindWinners(bool[]? dropped, IPixelScores.RowOfWinners take, CancellationToken cancellationToken) =>
        _threads.For((_height + RowsOfTask - 1) / RowsOfTask, (task, scratch) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (labels, scores, doubts) = (ArrayPool<ushort>.Shared.Rent(_width), ArrayPool<float>.Shared.Rent(_width), ArrayPool<float>.Shared.Rent(_width));
            var pixel = scratch.Get(Scratch.Slot.Term, _logits.Stride);
            using var loan = _logits.RentRows();
            for (var y = task * RowsOfTask; y < Math.Min(_height, (task + 1) * RowsOfTask); y++)
            {
                var row = MixRow(loan.Rows, y, scratch);
                for (var x = 0; x < _width; x++)
                {
                    var (max, sum) = MixPixel(row, x, pixel);
                    var best = IndexOf(pixel, max);
                    (labels[x], scores[x]) = ((ushort)_labels.ClassOfName[best], 1 / sum);
                    doubts[x] = PixelDoubt.Of((max - BestOther(pixel, labels[x])) * _scale);
                    if (dropped is not null && dropped[labels[x]])
                        (labels[x], scores[x], doubts[x]) = BestLeft(pixel, dropped, max, sum);
                }
                take(y, labels.AsSpan(0, _width), scores.AsSpan(0, _width), doubts.AsSpan(0, _width));
            }
            ArrayPool<ushort>.Shared.Return(labels);
            ArrayPool<float>.Shared.Return(scores);
            ArrayPool<float>.Shared.Return(doubts);
        });

    public void WriteScores(bool[]? dropped, IScoreSink sink, CancellationToken cancellationToken)
    {
        var rowsOfBand = (int)Math.Clamp(BandBytes / ((long)_labels.ClassCount * _width * sizeof(float)), 1, _height);
        var band = new float[_labels.ClassCount * rowsOfBand * _width];
        for (var first = 0; first < _height; first += rowsOfBand)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(rowsOfBand, _height - first));
            _threads.For(count, (i, scratch) =>
            {
                var pixel = scratch.Get(Scratch.Slot.Term, _logits.Stride);
                using var loan = _logits.RentRows();
                var row = MixRow(loan.Rows, start + i, scratch);
                for (var x = 0; x < _width; x++)
                {
                    var (max, sum) = MixPixel(row, x, pixel);
                    for (var name = 0; name < _logits.Names; name++)
                    {
                        var label = _labels.ClassOfName[name];
                        ref var score = ref band[(label * rowsOfBand + i) * _width + x];
                        if (name == 0 || label != _labels.ClassOfName[name - 1])
                            score = 0;
                        if (dropped is null || !dropped[label])
                            score = MathF.Max(score, MathF.Exp((pixel[name] - max) * _scale) / sum);
                    }
                }
            });
            for (var label = 0; label < _labels.ClassCount; label++)
                sink.Write(label, first, band.AsSpan(label * rowsOfBand * _width, count * _width));
        }
    }

    private static int[] FirstNames(LabelEmbeddings labels)
    {
        var first = new int[labels.ClassCount + 1];
        foreach (var label in labels.ClassOfName)
            first[label + 1]++;
        for (var label = 0; label < labels.ClassCount; label++)
            first[label + 1] += first[label];
        return first;
    }

    private float* MixRow(LogitRows rows, int y, Scratch scratch)
    {
        var row = scratch.Get(Scratch.Slot.Row, _logits.RowLength);
        rows.Mix(_rows[y], row);
        return row;
    }

    /// <summary>The logits of a pixel, their maximum, and the sum of e^(scale (logit - maximum)).</summary>
    private (float Max, float Sum) MixPixel(float* row, int x, float* pixel)
    {
        var stride = _logits.Stride;
        float* first = row + _columns[x].First * stride, second = row + _columns[x].Second * stride;
        var share = _columns[x].Share;
        return Simd.Width switch
        {
            512 => MixPixel<Simd512>(first, second, share, _scale, pixel, stride),
            256 => MixPixel<Simd256>(first, second, share, _scale, pixel, stride),
            128 => MixPixel<Simd128>(first, second, share, _scale, pixel, stride),
            _ => MixPixel<Simd1>(first, second, share, _scale, pixel, stride),
        };
    }

    /// <summary>One pass mixes and finds the maximum, one adds the powers, while the names are in the first-level cache.</summary>
    internal static (float Max, float Sum) MixPixel<T>(float* first, float* second, float share, float scale, float* pixel, int stride)
        where T : struct, ISimd<T>
    {
        var maxima = T.Broadcast(float.MinValue);
        for (var i = 0; i < stride; i += T.Count)
        {
            var a = T.Load(first + i);
            var mixed = T.MultiplyAdd(T.Load(second + i) - a, T.Broadcast(share), a);
            T.Store(mixed, pixel + i);
            maxima = T.Max(maxima, mixed);
        }
        var max = T.MaxElement(maxima);
        var sums = T.Broadcast(0);
        for (var i = 0; i < stride; i += T.Count)
            sums += Simd.Exp((T.Load(pixel + i) - T.Broadcast(max)) * T.Broadcast(scale));
        return (max, T.Sum(sums));
    }

    /// <summary>The first name whose logit is the maximum; compared as integers, which the runtime searches by vectors.</summary>
    private int IndexOf(float* pixel, float max)
    {
        var index = MemoryMarshal.Cast<float, int>(new ReadOnlySpan<float>(pixel, _logits.Names)).IndexOf(BitConverter.SingleToInt32Bits(max));
        // Only zeros of different sign are equal and yet differ in their bits.
        return index >= 0 ? index : new ReadOnlySpan<float>(pixel, _logits.Names).IndexOf(max);
    }

    private (ushort Label, float Score, float Doubt) BestLeft(float* pixel, bool[] dropped, float max, float sum)
    {
        var best = -1;
        for (var name = 0; name < _logits.Names; name++)
            if (!dropped[_labels.ClassOfName[name]] && (best < 0 || pixel[name] > pixel[best]))
                best = name;
        return ((ushort)_labels.ClassOfName[best], MathF.Exp((pixel[best] - max) * _scale) / sum, PixelDoubt.Replaced);
    }

    /// <summary>The largest logit of the other classes. The names of a class stand side by side, so what is left are two runs, which the runtime searches by vectors.</summary>
    private float BestOther(float* pixel, int label)
    {
        var (first, end) = (_firstName[label], _firstName[label + 1]);
        var before = first > 0 ? TensorPrimitives.Max(new ReadOnlySpan<float>(pixel, first)) : float.NegativeInfinity;
        var behind = end < _logits.Names ? TensorPrimitives.Max(new ReadOnlySpan<float>(pixel + end, _logits.Names - end)) : float.NegativeInfinity;
        return MathF.Max(before, behind);
    }
}
