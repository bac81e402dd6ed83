using System.Globalization;
using System.IO.Hashing;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>Features of pictures under the settings of a run: keeps them, or labels those that were kept.</summary>
/// <param name="labeller">Labels them, and says what they depend on.</param>
/// <param name="precision">What the engine computes them in.</param>
/// <param name="options">The run's options.</param>
internal sealed class KeptFeatures(FeatureLabeller labeller, EnginePrecision precision, PipelineOptions options)
{
    // For any picture: a method that reads a file is asked once what that holds.
    private readonly FeatureHeader _wanted = labeller.Describe(image: "", options.Segmentation, precision, options.ShortSide, options.KeepFeatures ?? FeatureEncoding.Float16, size: default, modelSize: default);

    /// <summary>Whether a picture is wanted beside its features.</summary>
    public bool NeedPixels { get; } = options.Overlay || options.Segmentation.PamrSteps > 0;

    private const string PictureNeeded = "they are sound, but overlays and PAMR need the picture itself.";

    private long MostBytes => Math.Min(options.Limits.MaxFileBytes, Array.MaxLength);

    /// <summary>What the features of a picture are kept by; null where they are not to be.</summary>
    /// <exception cref="SegmentationException">They would be more than a file may be.</exception>
    public FeatureWriter? Writer(string image, string? file, (int Width, int Height) size, (int Width, int Height) modelSize)
    {
        if (options.KeepFeatures is null)
            return null;
        var header = _wanted with { Image = image, File = file ?? "", Width = size.Width, Height = size.Height, ModelWidth = modelSize.Width, ModelHeight = modelSize.Height };
        // The same limit as for reading them, so that what was kept can be labelled.
        return FeatureFile.SizeOf(header) is var bytes && bytes > MostBytes
            ? throw new SegmentationException(string.Create(CultureInfo.InvariantCulture, $"the picture's features would be {bytes:N0} bytes, more than the limit of {MostBytes:N0} (--max-file-size); choose a larger stride or a smaller short side, or keep no features."))
            : new FeatureWriter(header);
    }

    /// <summary>Reads what was kept of a picture, as far as this run can label it.</summary>
    /// <returns>The features, or the reason why there are none to be used.</returns>
    /// <exception cref="BlobStoreException">The store itself does not answer.</exception>
    public async Task<(FeatureFile? File, string? Unused)> ReadAsync(IBlobStore store, PictureReference picture, CancellationToken cancellationToken)
    {
        try
        {
            var file = FeatureFile.Parse((await store.ReadAsync(picture.FeaturesName, MostBytes, cancellationToken)).Bytes);
            return Refusal(file.Header, picture.Name) is { } refusal ? (null, refusal) : (file, null);
        }
        catch (BlobStoreException error) when (error.Fault != BlobStoreFault.Unavailable)
        {
            // Without the name, which stands beside it: failures are counted by their words.
            return (null, error.Fault == BlobStoreFault.Missing ? "they do not exist." : error.Message);
        }
        catch (Exception error) when (error is FeatureFormatException or ImageDecodeException)
        {
            return (null, error.Message);
        }
    }

    /// <summary>By what a picture's file is known again; null where features are not kept.</summary>
    public string? HashOf(byte[] file) => options.KeepFeatures is null ? null : Hash(file);

    /// <summary>Why features are not those of the picture that is there now; null where they are, as far as that is told.</summary>
    public static string? Changed(FeatureFile features, byte[] file) =>
        features.Header.File is { Length: > 0 } kept && kept != Hash(file) ? "its picture has changed since they were kept." : null;

    private static string Hash(byte[] file) => Convert.ToHexStringLower(XxHash128.Hash(file));

    public SegmentationResult Label(FeatureFile features, SegmentationInput picture, LabelEmbeddings labels, CancellationToken cancellationToken) =>
        labeller.Label(features, picture, labels, options.Segmentation, cancellationToken);

    /// <summary>Why features that can be labelled are not, where their picture cannot be had.</summary>
    public static string? OfNoUse(FeatureFile? features) => features is null ? null : PictureNeeded;

    /// <summary>Why a picture failed that has neither: its own reason, and that of its features where there were to be any.</summary>
    public static string Failure(string error, string? unused) => unused switch
    {
        null => error,
        PictureNeeded => $"{error} Its features {PictureNeeded["they ".Length..]}",
        _ => $"{error} Its kept features were not labelled: {unused}",
    };

    /// <exception cref="ImageDecodeException">The picture is larger than pictures may be.</exception>
    private string? Refusal(FeatureHeader header, string image)
    {
        options.Limits.Check(header.Width, header.Height);
        if (header.DifferenceTo(_wanted with { Image = image }) is { } difference)
            return $"{difference}.";
        return ImageResizer.SizeByShortSide(header.Width, header.Height, options.ShortSide) == (header.ModelWidth, header.ModelHeight) ? null : "the sizes in the features' header do not fit each other.";
    }
}
