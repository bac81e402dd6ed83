using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the second stage: resized for the model, or the reason why it is not.</summary>
internal sealed class DecodedPicture
{
    private DecodedPicture(FetchedPicture fetched) => (Reference, ETag, FetchMilliseconds) = (fetched.Reference, fetched.File?.ETag, fetched.Milliseconds);

    public PictureReference Reference { get; }

    public string? ETag { get; }

    public double FetchMilliseconds { get; }

    /// <summary>The resized picture; null where decoding failed.</summary>
    public RgbImage? Resized { get; private init; }

    /// <summary>The picture in its full size, kept for the overlay alone.</summary>
    public RgbImage? Original { get; private init; }

    public int Width { get; private init; }

    public int Height { get; private init; }

    public PictureFailure? Failure { get; private init; }

    public double Milliseconds { get; private init; }

    public static DecodedPicture Decode(FetchedPicture fetched, PipelineOptions options)
    {
        if (fetched.File is null)
            return new DecodedPicture(fetched) { Failure = fetched.Failure };
        using var clock = new StageClock("decode", fetched.Reference.Name);
        try
        {
            var picture = ImageDecoder.Decode(fetched.File.Bytes, options.Limits);
            return new DecodedPicture(fetched)
            {
                Resized = ImageResizer.ShortSide(picture, options.ShortSide),
                Original = options.Overlay ? picture : null,
                Width = picture.Width,
                Height = picture.Height,
                Milliseconds = clock.Milliseconds,
            };
        }
        catch (ImageDecodeException error)
        {
            return Fail(FailureReasons.Damaged, error.Message);
        }
        catch (OutOfMemoryException)
        {
            return Fail(FailureReasons.Memory, "there is not enough memory to decode the picture; lower --max-pixels or --threads.");
        }

        DecodedPicture Fail(string reason, string error)
        {
            clock.Fail(error);
            return new DecodedPicture(fetched) { Failure = new PictureFailure(reason, error), Milliseconds = clock.Milliseconds };
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
