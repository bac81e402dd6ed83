using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Engines;

namespace Sclip.Bench.Doubles;

/// <summary>An engine that costs nothing: every picture has the same label map, of six classes in patches with wavy borders.</summary>
internal sealed class ConstantEngine : IEngineSource, IEngineLease, ISegmenter
{
    private const int Seeds = 12;
    private const int ClassesSeen = 6;
    private readonly Dictionary<(int Width, int Height), SegmentationResult> _results = [];

    public ConstantEngine(IReadOnlyList<LabelClass> classes)
    {
        LabelSet = LabelSet.Of(classes);
        Labels = new LabelEmbeddings { Values = new float[classes.Count], Dimension = 1, ClassOfName = [.. Enumerable.Range(0, classes.Count)], ClassCount = classes.Count };
    }

    public ModelDefaults Defaults { get; } = new();

    public ISegmenter Segmenter => this;

    public FeatureLabeller Labeller => throw new NotSupportedException("It has no model.");

    public EngineGate Gate { get; } = new();

    public LabelSet LabelSet { get; }

    public LabelEmbeddings Labels { get; }

    public Task<IEngineLease> RentAsync(string modelId, string? guideId, IReadOnlyList<LabelClass> classes, IReadOnlyList<string>? templates, CancellationToken cancellationToken) =>
        Task.FromResult<IEngineLease>(this);

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default) =>
        [.. pictures.Select(picture => Copy(ResultOf(picture.OutputWidth, picture.OutputHeight)))];

    public void Dispose()
    {
    }

    /// <summary>As of any engine, the label map is a new one: its memory is part of the pipeline's cost.</summary>
    private static SegmentationResult Copy(SegmentationResult result) => new()
    {
        Width = result.Width,
        Height = result.Height,
        LabelMap = [.. result.LabelMap],
        PixelCounts = result.PixelCounts,
        ClassConfidences = result.ClassConfidences,
        MeanConfidence = result.MeanConfidence,
        ClassDoubts = result.ClassDoubts,
        Doubt = result.Doubt,
        Windows = result.Windows,
    };

    private SegmentationResult ResultOf(int width, int height)
    {
        if (_results.TryGetValue((width, height), out var known))
            return known;
        var random = new Random(3);
        var seeds = Enumerable.Range(0, Seeds).Select(i => (X: random.NextDouble() * width, Y: random.NextDouble() * height, Class: i % ClassesSeen * 3)).ToArray();
        var map = new ushort[width * height];
        var counts = new long[LabelSet.Classes.Count];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (wavedX, wavedY) = (x + 9 * Math.Sin(y / 11.0) + 3 * Math.Sin(y / 2.7), y + 9 * Math.Sin(x / 13.0) + 3 * Math.Sin(x / 3.1));
                var label = seeds.MinBy(seed => (seed.X - wavedX) * (seed.X - wavedX) + (seed.Y - wavedY) * (seed.Y - wavedY)).Class;
                map[y * width + x] = (ushort)label;
                counts[label]++;
            }
        return _results[(width, height)] = new SegmentationResult
        {
            Width = width,
            Height = height,
            LabelMap = map,
            PixelCounts = counts,
            ClassConfidences = new double[counts.Length],
            MeanConfidence = 0.5,
            ClassDoubts = new double[counts.Length],
            Doubt = 0.5,
            Windows = 6,
        };
    }
}
