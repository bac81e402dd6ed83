using System.Diagnostics;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the first stage: resized for the model, or the reason why it is not.</summary>
internal sealed class DecodedPicture
{
    private DecodedPicture(PictureReference reference) => Reference = reference;

    public PictureReference Reference { get; }

    /// <summary>The resized picture; null where decoding failed.</summary>
    public RgbImage? Resized { get; private init; }

    /// <summary>The picture in its full size, kept for the overlay alone.</summary>
    public RgbImage? Original { get; private init; }

    public int Width { get; private init; }

    public int Height { get; private init; }

    public string? Error { get; private init; }

    public double Milliseconds { get; private init; }

    public static async Task<DecodedPicture> ReadAsync(PictureReference reference, PipelineOptions options, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var file = await reference.Store.ReadAsync(reference.BlobName, options.Limits.MaxFileBytes, cancellationToken);
            var picture = ImageDecoder.Decode(file.Bytes, options.Limits);
            return new DecodedPicture(reference)
            {
                Resized = ImageResizer.ShortSide(picture, options.ShortSide),
                Original = options.Overlay ? picture : null,
                Width = picture.Width,
                Height = picture.Height,
                Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            };
        }
        catch (Exception error) when (error is ImageDecodeException or BlobStoreException)
        {
            return new DecodedPicture(reference) { Error = error.Message, Milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds };
        }
        catch (OutOfMemoryException)
        {
            return new DecodedPicture(reference) { Error = "there is not enough memory to decode the picture; lower --max-pixels or --threads." };
        }
    }

    public SegmentationInput ToInput(IScoreSink? scores) => new()
    {
        Rgb = Resized!.Pixels,
        Width = Resized.Width,
        Height = Resized.Height,
        OutputWidth = Width,
        OutputHeight = Height,
        Scores = scores,
    };
}
