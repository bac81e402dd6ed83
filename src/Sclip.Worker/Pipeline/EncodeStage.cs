using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>The last stage: mask, overlay and scores of a picture to the output store, and its result.</summary>
internal sealed class EncodeStage(IReadOnlyList<LabelClass> classes, IBlobStore output, PipelineOptions options)
{
    private readonly RgbColor[] _palette = PaletteOf(classes);

    public async Task<ImageResult> RunAsync(SegmentedPicture segmented, CancellationToken cancellationToken)
    {
        var (picture, reference) = (segmented.Picture, segmented.Picture.Reference);
        if (segmented.Result is not { } result)
            return Describe(reference) with { Status = ImageStatus.Failed, Error = segmented.Error };
        var start = Stopwatch.GetTimestamp();
        using var scores = segmented.Scores;
        await output.WriteAsync(reference.MaskName, (stream, _) =>
        {
            MaskEncoder.Write(stream, result.LabelMap, result.Width, result.Height, _palette);
            return Task.CompletedTask;
        }, cancellationToken);
        if (options.Overlay)
        {
            var legend = classes.Select((item, i) => new OverlayClass(item.Name, _palette[i], (double)result.PixelCounts[i] / result.LabelMap.Length)).ToArray();
            var overlay = JpegEncoder.Encode(OverlayRenderer.Render(picture.Original!, result.LabelMap, legend));
            await output.WriteAsync(reference.OverlayName, (stream, token) => stream.WriteAsync(overlay, token).AsTask(), cancellationToken);
        }
        if (scores is not null)
            await output.WriteAsync(reference.ScoresName, scores.CopyToAsync, cancellationToken);
        return Describe(reference) with
        {
            Mask = reference.MaskName,
            Overlay = options.Overlay ? reference.OverlayName : null,
            Scores = options.Scores ? reference.ScoresName : null,
            Width = result.Width,
            Height = result.Height,
            Pixels = classes.Select((item, i) => (item.Name, Count: result.PixelCounts[i])).Where(item => item.Count > 0).ToDictionary(item => item.Name, item => item.Count),
            MeanConfidence = Math.Round(result.MeanConfidence, 6),
            Windows = result.Windows,
            Timings = new ImageTimings(Math.Round(picture.Milliseconds, 1), Math.Round(segmented.Milliseconds, 1), Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1)),
        };
    }

    private static ImageResult Describe(PictureReference reference) =>
        new() { Image = reference.Name, Status = ImageStatus.Ok, InputBytes = reference.Bytes, InputModified = reference.Modified };

    private static RgbColor[] PaletteOf(IReadOnlyList<LabelClass> classes)
    {
        var palette = Palette.PascalVoc(classes.Count);
        return [.. classes.Select((item, i) => item.Color ?? palette[i])];
    }
}
