using System.Diagnostics;
using System.Numerics.Tensors;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Views;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>The engine on the CPU, in managed code. One caller at a time.</summary>
/// <param name="model">The model; it stays the caller's.</param>
public sealed unsafe partial class ManagedSegmenter(ClipModel model) : ISegmenter
{
    private readonly Dictionary<string, IDenseMethod> _methods = [];
    private (LabelEmbeddings Labels, PackedMatrix Packed)? _labels;
    private NativeBuffer? _patchLogits;

    /// <summary>Time that went into label maps so far; what is left of the engine's went into windows.</summary>
    internal TimeSpan TimeOfLabelMaps { get; private set; }

    /// <inheritdoc />
    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default) =>
        Segment(pictures, labels, options, view: null, trunk: null, cancellationToken);

    /// <inheritdoc />
    public IReadOnlyList<IReadOnlyList<SegmentationResult>> SegmentEach(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> ways, CancellationToken cancellationToken = default) =>
        SegmentEach(pictures, labels, ways, views: null, cancellationToken);

    private SegmentationResult[][] SegmentEach(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> ways, ViewBuilder[]? views, CancellationToken cancellationToken)
    {
        var results = new SegmentationResult[ways.Count][];
        // Windows cut alike, and passed on in the same groups, have everything before the last block in common.
        foreach (var alike in ways.Index().GroupBy(way => (way.Item.Crop, way.Item.Stride, way.Item.Batch)))
        {
            using var trunk = alike.Skip(1).Any() ? new SharedTrunk() : null;
            foreach (var (index, options) in alike)
            {
                trunk?.Rewind();
                results[index] = Segment(pictures, labels, options, views?[index], trunk, cancellationToken);
            }
        }
        return results;
    }

    private SegmentationResult[] Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, ViewBuilder? view, SharedTrunk? trunk, CancellationToken cancellationToken)
    {
        options.Validate();
        if (pictures.Any(picture => picture.ModelWidth != 0 || picture.ModelHeight != 0))
            throw new ArgumentException("The managed engine takes pictures that are resized already.", nameof(pictures));
        SegmentationChecks.Labels(labels, model.Config, options);
        if (options.PamrSteps > 0)
            foreach (var picture in pictures)
                Pamr.CheckSize(picture.OutputHeight, picture.OutputWidth, options.PamrDilations.Count);
        var method = Method(options.Method);
        var packed = Pack(labels);
        var results = new SegmentationResult[pictures.Count];
        var open = new Queue<OpenPicture>();
        var batch = new List<(OpenPicture Picture, Window Window)>(options.Batch);
        try
        {
            for (var i = 0; i < pictures.Count; i++)
            {
                var picture = new OpenPicture(i, pictures[i], labels, options, model.Config.PatchSize) { View = view };
                open.Enqueue(picture);
                foreach (var window in picture.Windows)
                {
                    batch.Add((picture, window));
                    if (batch.Count == options.Batch)
                        Compute(batch, method, packed, trunk, cancellationToken);
                }
                Close(all: false);
            }
            Compute(batch, method, packed, trunk, cancellationToken);
            Close(all: true);
            return results;
        }
        finally
        {
            foreach (var picture in open)
                picture.Dispose();
        }

        void Close(bool all)
        {
            while (open.TryPeek(out var picture) && (all || picture.Done))
            {
                results[picture.Index] = Finish(picture, labels, options, cancellationToken);
                open.Dequeue().Dispose();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _labels?.Packed.Dispose();
        _patchLogits?.Dispose();
    }

    /// <summary>Dense features of the batch's windows, normalised, times the label embeddings, added to the pictures' logit maps.</summary>
    private void Compute(List<(OpenPicture Picture, Window Window)> batch, IDenseMethod method, PackedMatrix labels, SharedTrunk? trunk, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        cancellationToken.ThrowIfCancellationRequested();
        var windows = batch.Select(item => item.Picture.Pixels(item.Window)).ToArray();
        var tokens = TokenBatch.Of(windows, model.Config.PatchSize);
        var features = model.Vision.Forward(windows, method, cancellationToken, trunk);
        var dimension = model.Config.EmbeddingSize;
        for (var row = 0; row < tokens.Rows; row++)
        {
            var feature = new Span<float>(features + (nint)row * dimension, dimension);
            TensorPrimitives.Divide(feature, TensorPrimitives.Norm<float>(feature), feature);
        }
        var stride = LogitMap.StrideOf(labels.N);
        if (_patchLogits is null || _patchLogits.Length < (long)tokens.Rows * stride)
        {
            _patchLogits?.Dispose();
            _patchLogits = new NativeBuffer((long)tokens.Rows * stride);
            _patchLogits.Clear();
        }
        var logits = _patchLogits.Pointer;
        Gemm.Multiply(features, dimension, tokens.Rows, labels, logits, stride, null, Epilogue.None, model.Threads);
        for (var i = 0; i < batch.Count; i++)
        {
            var (patches, gridHeight, gridWidth) = ((nint)tokens.FirstRow(i) + 1, tokens.GridHeight(i), tokens.GridWidth(i));
            batch[i].Picture.Add(logits + patches * stride, gridHeight, gridWidth, batch[i].Window, model.Threads);
            batch[i].Picture.View?.AddWindow(features + patches * dimension, gridHeight, gridWidth, batch[i].Window);
        }
        batch.Clear();
    }

    private SegmentationResult Finish(OpenPicture picture, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken)
    {
        picture.View?.TakeCosines(picture.Logits, labels, model.Threads, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var result = LabelMapper.Map(picture.Logits, picture.Input, labels, options, picture.Windows.Length, () => Normalise(picture.Input), model.Threads, cancellationToken);
        TimeOfLabelMaps += Stopwatch.GetElapsedTime(start);
        return result;
    }

    /// <summary>The picture as the model sees it, <c>[3, height, width]</c>.</summary>
    private float[] Normalise(SegmentationInput input)
    {
        var rgb = input.Rgb.Span;
        var pixels = input.Height * input.Width;
        var planes = new float[3 * pixels];
        for (var channel = 0; channel < 3; channel++)
            for (var i = 0; i < pixels; i++)
                planes[channel * pixels + i] = model.Normalisation.Apply(channel, rgb[i * 3 + channel]);
        return planes;
    }

    private IDenseMethod Method(string name)
    {
        if (!_methods.TryGetValue(name, out var method))
            _methods.Add(name, method = DenseMethods.Create(name, model.Config.Vision.Width));
        return method;
    }

    private PackedMatrix Pack(LabelEmbeddings labels)
    {
        if (_labels is { } known && ReferenceEquals(known.Labels, labels))
            return known.Packed;
        _labels?.Packed.Dispose();
        _labels = null;
        var packed = new PackedMatrix(labels.Dimension, labels.ClassOfName.Length, GemmKernel.Best);
        packed.SetColumns(0, labels.Values);
        _labels = (labels, packed);
        return packed;
    }

    /// <summary>A picture whose windows are under way.</summary>
    private sealed class OpenPicture : IDisposable
    {
        private readonly bool _whole;
        private int _added;

        public OpenPicture(int index, SegmentationInput input, LabelEmbeddings labels, SegmentationOptions options, int patchSize)
        {
            SegmentationChecks.Picture(input.Height, input.Width, patchSize);
            (Index, Input) = (index, input);
            Windows = SlidingWindow.Cover(input.Height, input.Width, options.Crop, options.Stride);
            // One window over the whole picture goes from its patches straight to the label map's size.
            _whole = options.Crop == 0;
            var patches = Windows.Sum(window => (long)(window.Height / patchSize) * (window.Width / patchSize));
            Logits = _whole
                ? new LogitMap(input.Height / patchSize, input.Width / patchSize, labels.ClassOfName.Length, patches)
                : new LogitMap(input.Height, input.Width, labels.ClassOfName.Length, patches);
        }

        public int Index { get; }

        public SegmentationInput Input { get; }

        public Window[] Windows { get; }

        public LogitMap Logits { get; }

        public ViewBuilder? View { get; init; }

        public bool Done => _added == Windows.Length;

        public PixelWindow Pixels(Window window) => new(Input.Rgb, Input.Width, window.Y, window.X, window.Height, window.Width);

        public void Add(float* patches, int gridHeight, int gridWidth, Window window, Threads threads)
        {
            Logits.AddWindow(patches, gridHeight, gridWidth, _whole ? new Window(0, 0, gridHeight, gridWidth) : window, threads);
            _added++;
        }

        public void Dispose() => Logits.Dispose();
    }
}
