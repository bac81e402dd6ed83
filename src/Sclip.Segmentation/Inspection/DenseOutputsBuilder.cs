using System.Numerics.Tensors;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation.Inspection;

/// <summary>Collects what a <see cref="DenseOutputs"/> shows while the engine labels the picture.</summary>
internal sealed unsafe class DenseOutputsBuilder
{
    private readonly SegmentationInput _input;
    private readonly PatchCut _patches;
    private readonly int _dimension, _gridHeight, _gridWidth;
    private readonly float[] _features;
    private readonly int[] _windows;
    private float[] _cosines = [];

    public DenseOutputsBuilder(SegmentationInput input, PatchCut patches, int dimension)
    {
        SegmentationChecks.Picture(input.Height, input.Width, patches.Size);
        (_input, _patches, _dimension) = (input, patches, dimension);
        (_gridHeight, _gridWidth) = (patches.Along(input.Height), patches.Along(input.Width));
        _features = new float[_gridHeight * _gridWidth * dimension];
        _windows = new int[_gridHeight * _gridWidth];
    }

    /// <summary>Adds a window's features of unit length, <c>[gridHeight * gridWidth, dimension]</c>, each patch of the picture taking that over its centre.</summary>
    /// <param name="features">The features.</param>
    /// <param name="gridHeight">Rows of them.</param>
    /// <param name="gridWidth">Features in a row.</param>
    /// <param name="window">The window.</param>
    /// <param name="cut">How they lie in it.</param>
    public void AddWindow(float* features, int gridHeight, int gridWidth, Window window, PatchCut cut)
    {
        var (above, left) = (cut.Before(window.Height), cut.Before(window.Width));
        for (var row = 0; row < _gridHeight; row++)
        {
            var y = _patches.Centre(row) - window.Y;
            if (y < 0 || y >= window.Height)
                continue;
            for (var column = 0; column < _gridWidth; column++)
            {
                var x = _patches.Centre(column) - window.X;
                if (x < 0 || x >= window.Width)
                    continue;
                var (source, target) = (PatchAt(y + above, x + left, gridHeight, gridWidth, cut), row * _gridWidth + column);
                var sum = _features.AsSpan(target * _dimension, _dimension);
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(features + (nint)source * _dimension, _dimension), sum);
                _windows[target]++;
            }
        }
    }

    /// <summary>Takes averaged logits, resized to the label map: of each class the best name's.</summary>
    public void TakeCosines(LogitMap logits, LabelEmbeddings labels, Threads threads, CancellationToken cancellationToken)
    {
        var (height, width) = (_input.OutputHeight, _input.OutputWidth);
        var (rows, columns) = (BilinearResize.Taps(logits.Height, height), BilinearResize.Taps(logits.Width, width));
        var cosines = new float[labels.ClassCount * height * width];
        Array.Fill(cosines, float.NegativeInfinity);
        threads.For(height, (y, scratch) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = scratch.Get(Scratch.Slot.Row, logits.RowLength);
            using (var loan = logits.RentRows())
                loan.Rows.Mix(rows[y], row);
            for (var x = 0; x < width; x++)
            {
                float* first = row + columns[x].First * logits.Stride, second = row + columns[x].Second * logits.Stride;
                for (var name = 0; name < logits.Names; name++)
                {
                    ref var best = ref cosines[(labels.ClassOfName[name] * height + y) * width + x];
                    best = MathF.Max(best, columns[x].Mix(first[name], second[name]));
                }
            }
        });
        _cosines = cosines;
    }

    public DenseOutputs Build(SegmentationResult result)
    {
        for (var i = 0; i < _windows.Length; i++)
        {
            var feature = _features.AsSpan(i * _dimension, _dimension);
            TensorPrimitives.Divide(feature, _windows[i], feature);
        }
        return new DenseOutputs { Result = result, Cosines = _cosines, Features = _features, GridHeight = _gridHeight, GridWidth = _gridWidth, Dimension = _dimension };
    }

    /// <summary>The patch at a place of a window; in the rest that fills none the nearest.</summary>
    public static int PatchAt(double y, double x, int gridHeight, int gridWidth, PatchCut patches) => patches.At(y, gridHeight) * gridWidth + patches.At(x, gridWidth);
}
