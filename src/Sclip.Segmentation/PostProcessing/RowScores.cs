using System.Buffers;
using System.Runtime.CompilerServices;
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
    private readonly float? _scale;
    private readonly Threads _threads;
    private readonly int _height, _width;
    private readonly Tap[] _rows, _columns;

    // As floats, to be compared as logits are.
    private readonly float[] _classOfName;

    /// <param name="logits">Logits, or scores.</param>
    /// <param name="height">Rows of the label map.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="labels">Classes of the names.</param>
    /// <param name="scale">The logit scale; null where the logits are final scores.</param>
    /// <param name="threads">Where the work runs.</param>
    public RowScores(LogitMap logits, int height, int width, LabelEmbeddings labels, float? scale, Threads threads)
    {
        (_logits, _height, _width, _labels, _scale, _threads) = (logits, height, width, labels, scale, threads);
        (_rows, _columns) = (BilinearResize.Taps(logits.Height, height), BilinearResize.Taps(logits.Width, width));
        _classOfName = [.. labels.ClassOfName.Select(label => (float)label)];
    }

    /// <summary>Width of the vectors: 512, 256, 128, or 0 for none.</summary>
    public int VectorBits { get; init; } = Simd.Width;

    public void FindWinners(bool[]? dropped, IPixelScores.RowOfWinners take, CancellationToken cancellationToken) =>
        _threads.For((_height + RowsOfTask - 1) / RowsOfTask, (task, scratch) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (labels, scores, doubts) = (ArrayPool<ushort>.Shared.Rent(_width), ArrayPool<float>.Shared.Rent(_width), ArrayPool<float>.Shared.Rent(_width));
            using var loan = _logits.RentRows();
            for (var y = task * RowsOfTask; y < Math.Min(_height, (task + 1) * RowsOfTask); y++)
            {
                var row = MixRow(loan.Rows, y, scratch);
                switch (VectorBits)
                {
                    case 512: FindWinners<Simd512>(row, dropped, labels, scores, doubts, scratch); break;
                    case 256: FindWinners<Simd256>(row, dropped, labels, scores, doubts, scratch); break;
                    case 128: FindWinners<Simd128>(row, dropped, labels, scores, doubts, scratch); break;
                    default: FindWinners<Simd1>(row, dropped, labels, scores, doubts, scratch); break;
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
                var pixel = scratch.Get(Scratch.Slot.Pixels, _logits.Stride);
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
                            score = MathF.Max(score, _scale is { } scale ? MathF.Exp((pixel[name] - max) * scale) / sum : pixel[name]);
                    }
                }
            });
            for (var label = 0; label < _labels.ClassCount; label++)
                sink.Write(label, first, band.AsSpan(label * rowsOfBand * _width, count * _width));
        }
    }

    /// <summary>The winners of a row, a vector of pixels at a time: mixed pixel by pixel, turned, compared name by name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindWinners<T>(float* row, bool[]? dropped, ushort[] labels, float[] scores, float[] doubts, Scratch scratch)
        where T : struct, ISimd<T>
    {
        var (stride, names) = (_logits.Stride, _logits.Names);
        var pixels = scratch.Get(Scratch.Slot.Pixels, (long)T.Count * stride);
        var planes = scratch.Get(Scratch.Slot.Planes, (long)T.Count * names);
        float* label = stackalloc float[T.Count], score = stackalloc float[T.Count], doubt = stackalloc float[T.Count], max = stackalloc float[T.Count];
        fixed (float* classOfName = _classOfName)
        {
            for (var x = 0; x < _width; x += T.Count)
            {
                var count = Math.Min(T.Count, _width - x);
                for (var i = 0; i < T.Count; i++)
                {
                    // Behind the last column it is mixed again: lanes that nobody reads must hold numbers.
                    var tap = _columns[Math.Min(x + i, _width - 1)];
                    Mix<T>(row + tap.First * stride, row + tap.Second * stride, tap.Share, pixels + i * stride, stride);
                }
                Transpose.Apply(pixels, stride, T.Count, names, planes, T.Count);
                if (_scale is { } scale)
                    PixelWinners.Find<T>(planes, names, classOfName, scale, label, score, doubt, max);
                else
                    FindFinal<T>(planes, names, classOfName, label, score, doubt);
                for (var i = 0; i < count; i++)
                {
                    (labels[x + i], scores[x + i], doubts[x + i]) = ((ushort)label[i], score[i], doubt[i]);
                    if (dropped is not null && dropped[labels[x + i]])
                        (labels[x + i], scores[x + i], doubts[x + i]) = BestLeft(pixels + i * stride, dropped, max[i], score[i]);
                }
            }
        }
    }

    private static void FindFinal<T>(float* planes, int names, float* classOfName, float* label, float* score, float* doubt)
        where T : struct, ISimd<T>
    {
        PixelWinners.FindFinal<T>(planes, names, classOfName, label, score, doubt);
        for (var i = 0; i < T.Count; i++)
            doubt[i] = PixelDoubt.OfScores(score[i], doubt[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix<T>(float* first, float* second, float share, float* target, int n)
        where T : struct, ISimd<T>
    {
        for (var i = 0; i < n; i += T.Count)
            T.Store(BilinearResize.Mixed<T>(first + i, second + i, share), target + i);
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
        var (share, scale) = (_columns[x].Share, _scale ?? 1);
        return Simd.Width switch
        {
            512 => MixPixel<Simd512>(first, second, share, scale, pixel, stride),
            256 => MixPixel<Simd256>(first, second, share, scale, pixel, stride),
            128 => MixPixel<Simd128>(first, second, share, scale, pixel, stride),
            _ => MixPixel<Simd1>(first, second, share, scale, pixel, stride),
        };
    }

    /// <summary>One pass mixes and finds the maximum, one adds the powers, while the names are in the first-level cache.</summary>
    internal static (float Max, float Sum) MixPixel<T>(float* first, float* second, float share, float scale, float* pixel, int stride)
        where T : struct, ISimd<T>
    {
        var maxima = T.Broadcast(float.MinValue);
        for (var i = 0; i < stride; i += T.Count)
        {
            var mixed = BilinearResize.Mixed<T>(first + i, second + i, share);
            T.Store(mixed, pixel + i);
            maxima = T.Max(maxima, mixed);
        }
        var max = T.MaxElement(maxima);
        var sums = T.Broadcast(0);
        for (var i = 0; i < stride; i += T.Count)
            sums += Simd.Exp((T.Load(pixel + i) - T.Broadcast(max)) * T.Broadcast(scale));
        return (max, T.Sum(sums));
    }

    private (ushort Label, float Score, float Doubt) BestLeft(float* pixel, bool[] dropped, float max, float score)
    {
        var best = -1;
        for (var name = 0; name < _logits.Names; name++)
            if (!dropped[_labels.ClassOfName[name]] && (best < 0 || pixel[name] > pixel[best]))
                best = name;
        return ((ushort)_labels.ClassOfName[best], _scale is { } scale ? MathF.Exp((pixel[best] - max) * scale) * score : pixel[best], PixelDoubt.Replaced);
    }
}
