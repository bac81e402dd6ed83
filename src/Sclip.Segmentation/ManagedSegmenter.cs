using System.Diagnostics;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Inspection;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Labelling;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Vision;
using Sclip.Segmentation.Windows;

namespace Sclip.Segmentation;

/// <summary>The engine on the CPU, in managed code. One caller at a time.</summary>
/// <param name="model">The model; it stays the caller's.</param>
public sealed unsafe partial class ManagedSegmenter(ClipModel model) : ISegmenter
{
    private readonly Dictionary<string, IDenseMethod> _methods = [];
    private readonly NamePanels _names = new();
    private readonly Scratch _scratch = new();
    private readonly GuideTransformer? _guide = model.Guide is { } guide ? new(guide, model.Normalisation, new ManagedLayers()) : null;

    /// <summary>Time that went into label maps so far; what is left of the engine's went into windows.</summary>
    internal TimeSpan TimeOfLabelMaps { get; private set; }

    /// <inheritdoc />
    public EnginePrecision Precision => model.Precision;

    /// <inheritdoc />
    public void Require(SegmentationOptions options, bool keepsFeatures) => options.Validate(model, keepsFeatures);

    /// <inheritdoc />
    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default) =>
        Segment(pictures, labels, options, inspection: null, trunk: null, cancellationToken);

    /// <inheritdoc />
    public IReadOnlyList<IReadOnlyList<SegmentationResult>> SegmentWithEach(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> configurations, CancellationToken cancellationToken = default) =>
        SegmentWithEach(pictures, labels, configurations, inspections: null, cancellationToken);

    private SegmentationResult[][] SegmentWithEach(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, IReadOnlyList<SegmentationOptions> configurations, DenseOutputsBuilder[]? inspections, CancellationToken cancellationToken)
    {
        var results = new SegmentationResult[configurations.Count][];
        // Windows cut alike, and passed on in the same groups, have the ordinary blocks in common.
        foreach (var group in configurations.Index().GroupBy(item => (item.Item.Crop, item.Item.Stride, item.Item.PatchStride, item.Item.Batch, Positions(pictures, item.Item), Padding(pictures, item.Item))))
        {
            using var trunk = group.Skip(1).Any()
                ? new SharedTrunk([.. group.SelectMany(item => Method(item.Item.Method).Outputs(model.Config.Vision.Layers)).Distinct()])
                : null;
            foreach (var (index, options) in group)
            {
                trunk?.Rewind();
                results[index] = Segment(pictures, labels, options, inspections?[index], trunk, cancellationToken);
            }
        }
        return results;
    }

    private SegmentationResult[] Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, DenseOutputsBuilder? inspection, SharedTrunk? trunk, CancellationToken cancellationToken)
    {
        options.Validate();
        if (pictures.Any(picture => picture.ModelWidth != 0 || picture.ModelHeight != 0))
            throw new ArgumentException("The managed engine takes pictures that are resized already.", nameof(pictures));
        SegmentationChecks.Labels(labels, model.Config, options);
        if (options.PamrSteps > 0)
            foreach (var picture in pictures)
                Pamr.CheckSize(picture.OutputHeight, picture.OutputWidth, options.PamrDilations.Count);
        var (method, patches) = (Method(options.Method), PatchCut.OfFeatures(model, options));
        if ((method.ReadsNames || method.FindsRegions) && pictures.Any(picture => picture.Features is not null))
            throw new SegmentationException(DenseMethods.NoFeatures(options.Method));
        var scoring = model.Trained as IScoringSystem;
        if (scoring is not null && inspection is not null)
            throw new SegmentationException(NoInspection(options.Method));
        var names = _names.Of(labels);
        var results = new SegmentationResult[pictures.Count];
        var open = new Queue<OpenPicture>();
        var batch = new List<(OpenPicture Picture, Window Window)>(options.Batch);
        try
        {
            for (var i = 0; i < pictures.Count; i++)
            {
                var picture = new OpenPicture(i, pictures[i], inspection, new PictureLabels(pictures[i].Height, pictures[i].Width, patches, labels, names, options, model.Threads, scoring is null ? null : scoring.ScoreGrid));
                open.Enqueue(picture);
                foreach (var window in picture.Labels.Windows)
                {
                    batch.Add((picture, window));
                    if (batch.Count == options.Batch)
                        Compute(batch, method, labels, options, trunk, cancellationToken);
                }
                Close(all: false);
            }
            Compute(batch, method, labels, options, trunk, cancellationToken);
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
            while (open.TryPeek(out var picture) && (all || picture.Labels.Done))
            {
                results[picture.Index] = Finish(picture, labels, cancellationToken);
                open.Dequeue().Dispose();
            }
        }
    }

    /// <summary>What windows are padded to, so that they have no blocks in common with others; 1 where none is.</summary>
    private int Padding(IReadOnlyList<SegmentationInput> pictures, SegmentationOptions options)
    {
        var cut = PatchCut.OfTokens(model, options);
        return pictures.Any(picture => IsPadded(cut, Math.Min(picture.Height, options.Crop), Math.Min(picture.Width, options.Crop))) ? cut.PadTo : 1;
    }

    /// <summary>How positions come to the windows' grids: where all of those are the native one they stay as they are, whatever the method, so that all share blocks.</summary>
    private PositionResizing Positions(IReadOnlyList<SegmentationInput> pictures, SegmentationOptions options)
    {
        var (cut, native) = (PatchCut.OfTokens(model, options), model.Config.NativeGrid);
        return pictures.All(picture => cut.Along(Side(picture.Height)) == native && cut.Along(Side(picture.Width)) == native)
            ? PositionResizing.Bicubic
            : Method(options.Method).Positions;

        int Side(int length) => options.Crop > 0 ? Math.Min(length, options.Crop) : length;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _names.Dispose();
        _algebra?.Dispose();
        _scratch.Dispose();
        _guide?.Dispose();
    }

    private SegmentationResult Finish(OpenPicture picture, LabelEmbeddings labels, CancellationToken cancellationToken)
    {
        picture.Inspection?.TakeCosines(picture.Labels.Logits, labels, model.Threads, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var result = picture.Labels.Map(picture.Input, () => model.Normalisation.Planes(picture.Input), cancellationToken);
        TimeOfLabelMaps += Stopwatch.GetElapsedTime(start);
        return result;
    }

    /// <summary>A picture whose windows are under way.</summary>
    private sealed record OpenPicture(int Index, SegmentationInput Input, DenseOutputsBuilder? Inspection, PictureLabels Labels) : IDisposable
    {
        /// <summary>The CLS token that a method computed of the whole picture; null where none has.</summary>
        public float[]? Token { get; set; }

        /// <summary>Logits and relations of its windows, where a method changes them together.</summary>
        public List<(float[] Logits, float[] Relations)> Kept { get; } = [];

        public PixelWindow Pixels(Window window) => new(Input.Rgb, Input.Width, window.Y, window.X, window.Height, window.Width);

        public void Dispose() => Labels.Dispose();
    }
}
