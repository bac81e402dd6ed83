using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>A picture after the second stage: ready for the engine, or the reason why it is not.</summary>
internal sealed class DecodedPicture
{
    private DecodedPicture(FetchedPicture fetched) => (Reference, Bytes, ETag, FileHash, FetchMilliseconds, FeaturesUnused) = (fetched.Reference, fetched.Bytes, fetched.ETag, fetched.FileHash, fetched.Milliseconds, fetched.FeaturesUnused);

    public PictureReference Reference { get; }

    /// <summary>Bytes of the file that was read; null where none was.</summary>
    public long? Bytes { get; }

    public string? ETag { get; }

    /// <summary>By what its file is known again beside features that are kept; null where none are.</summary>
    public string? FileHash { get; }

    public double FetchMilliseconds { get; }

    /// <summary>
    /// The picture as the engine takes it: of the model's size, or in full size where the engine resizes; null where decoding failed. Beside features
    /// it is there for PAMR alone, and of the model's size.
    /// </summary>
    public RgbImage? Pixels { get; private set; }

    /// <summary>Its kept features, which are labelled in place of its pixels; null where it goes through the engine.</summary>
    public FeatureFile? Features { get; private set; }

    /// <summary>Whether it is labelled by its features.</summary>
    public bool HasFeatures { get; private init; }

    /// <summary>Why its kept features are not labelled; null where they are, or none were to be.</summary>
    public string? FeaturesUnused { get; private init; }

    /// <summary>The picture in its full size, kept for the overlay alone.</summary>
    public RgbImage? Original { get; private init; }

    public int Width { get; private init; }

    public int Height { get; private init; }

    /// <summary>Width and height in pixels that the model sees.</summary>
    public (int Width, int Height) ModelSize { get; private init; }

    /// <summary>Bytes that decoding left behind: of the file, and of the pixels in full size where nobody asks for them.</summary>
    public long DroppedBytes => (Bytes ?? 0) + (Original is null && Pixels is { } pixels && (pixels.Width, pixels.Height) != (Width, Height) ? 3L * Width * Height : 0);

    public PictureFailure? Failure { get; private init; }

    public double Milliseconds { get; private init; }

    /// <exception cref="OperationCanceledException">It was cancelled; a decoder that does not come back is not waited for.</exception>
    public static async Task<DecodedPicture> DecodeAsync(FetchedPicture fetched, PipelineOptions options, bool engineResizes, CancellationToken cancellationToken)
    {
        if (fetched.Failure is not null)
            return new DecodedPicture(fetched) { Failure = fetched.Failure };
        if (fetched is { Features: { Header: var header } kept, Bytes: null })
            return new DecodedPicture(fetched) { Features = kept, HasFeatures = true, Width = header.Width, Height = header.Height, ModelSize = (header.ModelWidth, header.ModelHeight) };
        using var clock = new StageClock("decode", fetched.Reference.Name);
        try
        {
            var decoding = options.Decoder.RunAsync(
                fetched.Reference.Name,
                token =>
                {
                    var whole = options.Decoder.Decode(fetched.TakeFile(), options.Limits, token);
                    var features = fetched.Features is { Header: var header } && (header.Width, header.Height) == (whole.Width, whole.Height) ? fetched.Features : null;
                    var pixels = features is not null && options.Segmentation.PamrSteps == 0 ? null : engineResizes && features is null ? whole : ImageResizer.ShortSide(whole, options.ShortSide);
                    return (whole.Width, whole.Height, features, pixels, options.Overlay ? whole : null);
                },
                cancellationToken);
            var (width, height, features, pixels, original) = await decoding.WaitAsync(cancellationToken);
            return new DecodedPicture(fetched)
            {
                Pixels = pixels,
                Features = features,
                HasFeatures = features is not null,
                FeaturesUnused = fetched.Features is { Header: var other } && features is null
                    ? $"they are of a picture of {other.Width} x {other.Height} pixels, and this one has {width} x {height}."
                    : fetched.FeaturesUnused,
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
            return new DecodedPicture(fetched) { Failure = new PictureFailure(reason, error), FeaturesUnused = fetched.FeaturesUnused ?? KeptFeatures.OfNoUse(fetched.Features), Milliseconds = clock.Milliseconds };
        }
    }

    /// <summary>Lets go what only the engine needed: a picture has a way to go behind it, and may be large.</summary>
    public void DropInput() => (Pixels, Features) = (null, null);

    public SegmentationInput ToInput(IScoreSink? scores, bool doubtMap, IFeatureSink? features)
    {
        var (width, height) = Pixels is null ? ModelSize : (Pixels.Width, Pixels.Height);
        var isResized = (width, height) == ModelSize;
        return new()
        {
            Rgb = Pixels?.Pixels,
            Width = width,
            Height = height,
            ModelWidth = isResized ? 0 : ModelSize.Width,
            ModelHeight = isResized ? 0 : ModelSize.Height,
            OutputWidth = Width,
            OutputHeight = Height,
            Scores = scores,
            Features = features,
            DoubtMap = doubtMap,
        };
    }
}
