using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Worker.Pipeline;

/// <summary>The fourth stage: mask, overlay, doubt and features of a picture, as files.</summary>
internal sealed class EncodeStage(IReadOnlyList<LabelClass> classes, PipelineOptions options)
{
    private readonly RgbColor[] _palette = Palette.Of(classes);

    public EncodedPicture Run(SegmentedPicture segmented)
    {
        if (segmented.Result is not { } result)
            return new EncodedPicture(segmented, null, null, null, null, 0);
        using var clock = new StageClock("encode", segmented.Picture.Reference.Name);
        var mask = new MemoryStream();
        MaskEncoder.Write(mask, result.LabelMap, result.Width, result.Height, _palette);
        ReadOnlyMemory<byte>? overlay = null;
        if (options.Overlay)
        {
            var legend = classes.Select((item, i) => new OverlayClass(item.Name, _palette[i], (double)result.PixelCounts[i] / result.LabelMap.Length)).ToArray();
            overlay = JpegEncoder.Encode(OverlayRenderer.Render(segmented.Picture.Original!, result.LabelMap, legend));
        }
        // Not as one expression: an array that is null would become a file of no bytes.
        ReadOnlyMemory<byte>? doubt = null;
        if (result.DoubtMap is { } map)
            doubt = PngWriter.Grey(map, result.Width, result.Height);
        return new EncodedPicture(segmented, mask.GetBuffer().AsMemory(0, (int)mask.Length), overlay, doubt, segmented.Features?.Finish(), clock.Milliseconds);
    }
}
