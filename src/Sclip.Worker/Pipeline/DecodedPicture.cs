using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the second stage: ready for the engine, or the reason why it is not.</summary>
internal sealed class DecodedPicture
{
    private DecodedPicture(FetchedPicture fetched) => (Reference, Bytes, ETag, FetchMilliseconds) = (fetched.Reference, fetched.Bytes, fetched.ETag, fetched.Milliseconds);

    public PictureReference Reference { get; }

    /// <summary>Bytes of the file that was read; null where none was.</summary>
    public long? Bytes { get; }

    public string? ETag { get; }

    public double FetchMilliseconds { get; }

    /// <summary>The picture as the engine takes it: of the model's size, or in full size where the engine resizes; null where decoding failed.</summary>
    public RgbImage? Pixels { get; private set; }

    /// <summary>The picture in its full size, kept for the overlay alone.</summary>
    public RgbImage? Original { get; private init; }

    public int Width { get; private init; }

    public int Height { get; private init; }

    /// <summary>Bytes that decoding left behind: of the file, and of the pixels in full size where nobody asks for them.</summary>
    public long DroppedBytes => (Bytes ?? 0) + (Original is null && Pixels is { } pixels && (pixels.Width, pixels.Height) != (Width, Height) ? 3L * Width * Height : 0);

    private (int Width, int Height) ModelSize { get; init; }

    public PictureFailure? Failure { get; private init; }

    public double Milliseconds { get; private init; }

    /// <exception cref="OperationCanceledException">It was cancelled; a decoder that does not come back is not waited for.</exception>
    public static async Task<DecodedPicture> DecodeAsync(FetchedPicture fetched, PipelineOptions options, bool engineResizes, CancellationToken cancellationToken)
    {
        if (fetched.Failure is not null)
            return new DecodedPicture(fetched) { Failure = fetched.Failure };
        using var clock = new StageClock("decode", fetched.Reference.Name);
        try
        {
            var decoding = options.Decoder.RunAsync(
                fetched.Reference.Name,
                token =>
                {
                    var whole = options.Decoder.Decode(fetched.TakeFile(), options.Limits, token);
                    return (whole.Width, whole.Height, engineResizes ? whole : ImageResizer.ShortSide(whole, options.ShortSide), options.Overlay ? whole : null);
                },
                cancellationToken);
            var (width, height, pixels, original) = await decoding.WaitAsync(cancellationToken);
            return new DecodedPicture(fetched)
            {
                Pixels = pixels,
                ModelSize = ImageResizer.SizeByShortSide(width, height, options.ShortSide),
                Original = original,
                Width = width,
                Height = height,
                Milliseconds = clock.Milliseconds,
            };
        }
        catch (DecodeTimeoutException error)
        {
            return Fail(FailureReasons.TimedOut, error.Message);
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

    /// <summary>Lets the pixels go that only the engine needed: a picture has a way to go behind it, and may be large.</summary>
    public void DropPixels() => Pixels = null;

    public SegmentationInput ToInput(IScoreSink? scores, bool doubtMap)
    {
        var isResized = (Pixels!.Width, Pixels.Height) == ModelSize;
        return new()
        {
            Rgb = Pixels.Pixels,
            Width = Pixels.Width,
            Height = Pixels.Height,
            ModelWidth = isResized ? 0 : ModelSize.Width,
            ModelHeight = isResized ? 0 : ModelSize.Height,
            OutputWidth = Width,
            OutputHeight = Height,
            Scores = scores,
            DoubtMap = doubtMap,
        };
    }
}
