using System.Collections.Concurrent;
using Sclip.Segmentation;

namespace Sclip.Worker.Tests;

/// <summary>An engine that tells dark pixels (class 0) from bright ones (class 1), and refuses pictures of a width it was told of.</summary>
internal sealed class BrightnessSegmenter : ISegmenter
{
    private int _calls;

    public int RefusedWidth { get; init; }

    public bool ResizesPictures { get; init; }

    public int PicturesAtOnce { get; init; } = 4;

    /// <summary>What came, a list a call.</summary>
    public ConcurrentQueue<IReadOnlyList<SegmentationInput>> Groups { get; } = [];

    public Action OnCall { get; init; } = () => { };

    public int Calls => _calls;

    public IReadOnlyList<SegmentationResult> Segment(
        IReadOnlyList<SegmentationInput> pictures, LabelEmbeddings labels, SegmentationOptions options, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        Groups.Enqueue(pictures);
        OnCall();
        cancellationToken.ThrowIfCancellationRequested();
        return [.. pictures.Select(Label)];
    }

    public void Dispose()
    {
    }

    private SegmentationResult Label(SegmentationInput input)
    {
        if (input.Width == RefusedWidth)
            throw new SegmentationException($"a picture of width {input.Width} is refused");
        var labels = new ushort[input.OutputWidth * input.OutputHeight];
        for (var i = 0; i < labels.Length; i++)
        {
            var (y, x) = (i / input.OutputWidth * input.Height / input.OutputHeight, i % input.OutputWidth * input.Width / input.OutputWidth);
            labels[i] = (ushort)(input.Rgb.Span[(y * input.Width + x) * 3] > 127 ? 1 : 0);
        }
        for (var label = 0; label < 2 && input.Scores is not null; label++)
            input.Scores.Write(label, 0, [.. labels.Select(value => value == label ? 0.75f : 0.25f)]);
        var bright = labels.LongCount(label => label == 1);
        return new SegmentationResult
        {
            Width = input.OutputWidth,
            Height = input.OutputHeight,
            LabelMap = labels,
            PixelCounts = [labels.Length - bright, bright],
            ClassConfidences = [0.75, 0.75],
            MeanConfidence = 0.75,
            ClassDoubts = [0.25, 0.5],
            Doubt = 0.4,
            DoubtMap = input.DoubtMap ? [.. labels.Select(value => (byte)(value == 0 ? 64 : 128))] : null,
            Windows = 1,
        };
    }
}
