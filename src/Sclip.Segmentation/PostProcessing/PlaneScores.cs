using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;

namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// Scores of the label map's pixels name by name, for refinement works on planes: each name's plane is resized, refined and folded into
/// a running maximum and a running sum of powers, so that a few planes are held and not one a name.
/// </summary>
internal sealed unsafe class PlaneScores : IPixelScores, IDisposable
{
    private readonly LogitMap _logits;

    // The averaged logits [height, width, stride], made before the first plane: each asks for all rows.
    private readonly NativeBuffer _pixels;
    private readonly Pamr _pamr;
    private readonly LabelEmbeddings _labels;
    private readonly float? _scale;
    private readonly Threads _threads;
    private readonly int _height, _width;
    private readonly Tap[] _rows, _columns;
    private readonly float[] _max, _sum, _second;
    private readonly int[] _best;
    private bool _folded;

    /// <param name="logits">Logits, or scores.</param>
    /// <param name="pamr">The refinement.</param>
    /// <param name="height">Rows of the label map.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="labels">Classes of the names.</param>
    /// <param name="scale">The logit scale; null where the logits are final scores.</param>
    /// <param name="threads">Where the work runs.</param>
    public PlaneScores(LogitMap logits, Pamr pamr, int height, int width, LabelEmbeddings labels, float? scale, Threads threads)
    {
        (_logits, _pamr, _height, _width, _labels, _scale, _threads) = (logits, pamr, height, width, labels, scale, threads);
        (_rows, _columns) = (BilinearResize.Taps(logits.Height, height), BilinearResize.Taps(logits.Width, width));
        (_max, _sum, _second, _best) = (new float[height * width], new float[height * width], new float[height * width], new int[height * width]);
        _pixels = new NativeBuffer((long)logits.Height * logits.RowLength);
    }

    public void Dispose() => _pixels.Dispose();

    public void FindWinners(bool[]? dropped, IPixelScores.RowOfWinners take, CancellationToken cancellationToken)
    {
        Fold(cancellationToken);
        var left = dropped is not null && _best.Any(name => dropped[_labels.ClassOfName[name]]) ? BestLeft(dropped, cancellationToken) : null;
        _threads.For(_height, (y, _) =>
        {
            var (labels, scores, doubts) = (new ushort[_width], new float[_width], new float[_width]);
            for (var x = 0; x < _width; x++)
            {
                var pixel = y * _width + x;
                var (name, logit) = left is null ? (_best[pixel], _max[pixel]) : left[pixel];
                (labels[x], scores[x]) = ((ushort)_labels.ClassOfName[name], Score(pixel, logit));
                doubts[x] = logit < _max[pixel] ? PixelDoubt.Replaced
                    : _scale is { } scale ? PixelDoubt.Of((logit - _second[pixel]) * scale) : PixelDoubt.OfScores(logit, _second[pixel]);
            }
            take(y, labels, scores, doubts);
        });
    }

    public void WriteScores(bool[]? dropped, IScoreSink sink, CancellationToken cancellationToken)
    {
        Fold(cancellationToken);
        var scores = new float[_height * _width];
        for (var name = 0; name < _logits.Names; name++)
        {
            var label = _labels.ClassOfName[name];
            if (dropped is null || !dropped[label])
            {
                var plane = Refined(name, cancellationToken);
                _threads.For(_height, (y, _) =>
                {
                    for (var pixel = y * _width; pixel < (y + 1) * _width; pixel++)
                        scores[pixel] = MathF.Max(scores[pixel], Score(pixel, plane[pixel]));
                });
            }
            if (name + 1 < _logits.Names && _labels.ClassOfName[name + 1] == label)
                continue;
            sink.Write(label, 0, scores);
            Array.Clear(scores);
        }
    }

    private float Score(int pixel, float logit) => _scale is { } scale ? MathF.Exp((logit - _max[pixel]) * scale) / _sum[pixel] : logit;

    /// <summary>Averages all rows, and runs all planes through the running softmax, once.</summary>
    private void Fold(CancellationToken cancellationToken)
    {
        if (_folded)
            return;
        _threads.For(_logits.Height, (y, scratch) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            _logits.Average(y, Row(y), scratch.Get(Scratch.Slot.Row, _logits.LongestGridRow));
        });
        var scale = _scale ?? 1;
        Array.Fill(_max, float.NegativeInfinity);
        Array.Fill(_second, float.NegativeInfinity);
        for (var name = 0; name < _logits.Names; name++)
        {
            var (plane, index, label) = (Refined(name, cancellationToken), name, _labels.ClassOfName[name]);
            _threads.For(_height, (y, _) =>
            {
                for (var pixel = y * _width; pixel < (y + 1) * _width; pixel++)
                {
                    var logit = plane[pixel];
                    var isOther = _labels.ClassOfName[_best[pixel]] != label;
                    if (logit > _max[pixel])
                    {
                        // The best of the other classes is what was best so far, unless that was a name of the same class.
                        if (isOther)
                            _second[pixel] = _max[pixel];
                        _sum[pixel] = _sum[pixel] * MathF.Exp((_max[pixel] - logit) * scale) + 1;
                        (_max[pixel], _best[pixel]) = (logit, index);
                    }
                    else
                    {
                        if (isOther && logit > _second[pixel])
                            _second[pixel] = logit;
                        _sum[pixel] += MathF.Exp((logit - _max[pixel]) * scale);
                    }
                }
            });
        }
        _folded = true;
    }

    private (int Name, float Logit)[] BestLeft(bool[] dropped, CancellationToken cancellationToken)
    {
        var left = new (int Name, float Logit)[_height * _width];
        Array.Fill(left, (0, float.NegativeInfinity));
        for (var name = 0; name < _logits.Names; name++)
        {
            if (dropped[_labels.ClassOfName[name]])
                continue;
            var (plane, index) = (Refined(name, cancellationToken), name);
            _threads.For(_height, (y, _) =>
            {
                for (var pixel = y * _width; pixel < (y + 1) * _width; pixel++)
                    if (plane[pixel] > left[pixel].Logit)
                        left[pixel] = (index, plane[pixel]);
            });
        }
        return left;
    }

    private float* Row(int y) => _pixels.Pointer + (nint)y * _logits.RowLength;

    private float[] Refined(int name, CancellationToken cancellationToken)
    {
        var plane = _pamr.Plane;
        _threads.For(_height, (y, _) =>
        {
            float* first = Row(_rows[y].First) + name, second = Row(_rows[y].Second) + name;
            for (var x = 0; x < _width; x++)
            {
                var (left, right) = ((nint)_columns[x].First * _logits.Stride, (nint)_columns[x].Second * _logits.Stride);
                plane[y * _width + x] = _columns[x].Mix(_rows[y].Mix(first[left], second[left]), _rows[y].Mix(first[right], second[right]));
            }
        });
        return _pamr.Refine(cancellationToken);
    }
}
