using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Makes small versions of a job's pictures and masks. Whatever the blobs hold, what leaves is a JPEG or a PNG made here.</summary>
/// <param name="stores">The stores.</param>
public sealed class Thumbnails(JobStores stores) : IDisposable
{
    /// <summary>The least long side in pixels.</summary>
    public const int LeastSide = 16;

    /// <summary>The greatest long side in pixels.</summary>
    public const int MostSide = 2048;

    private const int JpegQuality = 82;
    private const int MostColors = 256;

    // A decoded picture takes three bytes a pixel; with few at a time the service's memory stays small.
    private static readonly ImageLimits Limits = new() { MaxPixels = 50_000_000, MaxFileBytes = 64L << 20 };
    private readonly SemaphoreSlim _turns = new(2);

    /// <summary>A picture of a job, upright, as a JPEG.</summary>
    /// <param name="job">The job.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="version">The tag of the version that is wanted, the <c>input_etag</c> of its result; null takes whichever is there.</param>
    /// <param name="side">Most pixels of the long side.</param>
    /// <param name="cancellationToken">Looked at before and after the blob is read.</param>
    /// <returns>The picture, and the tag of the version that it is of.</returns>
    /// <exception cref="JobRequestException">The job has no such image, or it is there in another version, cannot be decoded, or is too large to be shown.</exception>
    public async Task<(byte[] Jpeg, string ETag)> PictureAsync(JobDocument job, string image, string? version, int side, CancellationToken cancellationToken)
    {
        if (!image.StartsWith(job.Input.Prefix, StringComparison.Ordinal))
            throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(image)}' is no image of job {job.Id}: its images begin with '{JobNames.Shown(job.Input.Prefix)}'.");
        return await MakeAsync(
            stores.Images(job),
            image,
            file => version is null || version == file.ETag
                ? (JpegEncoder.Encode(Thumbnail.Of(ImageDecoder.Decode(file.Bytes, Limits, cancellationToken), side), JpegQuality), file.ETag)
                : throw new JobRequestException(JobRequestFault.Conflict, $"'{JobNames.Shown(image)}' is another picture now than the one that job {job.Id} labelled: it was written anew since."),
            cancellationToken);
    }

    /// <summary>A mask of a job, as a PNG.</summary>
    /// <param name="job">The job.</param>
    /// <param name="mask">The mask's name in the results.</param>
    /// <param name="side">Most pixels of the long side.</param>
    /// <param name="places">Whether it has a colour for the place of each class, so that those of one colour stay apart, and not the colours of the classes.</param>
    /// <param name="cancellationToken">Looked at before and after the blob is read.</param>
    /// <exception cref="JobRequestException">The job has no such mask, or it cannot be decoded, or is too large to be shown.</exception>
    public async Task<byte[]> MaskAsync(JobDocument job, string mask, int side, bool places, CancellationToken cancellationToken)
    {
        if (!mask.StartsWith("masks/", StringComparison.Ordinal) || JobNames.Refusal(mask) is not null)
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(mask)}' is no mask of a job; it reads masks/NAME.png, as in the results.");
        return await MakeAsync(stores.Outputs(job), mask, file => Encode(Shrink(file.Bytes, side), places ? Places(job.Labels.Count) : Palette.Of(job.Labels)), cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();

    private static RgbColor[] Places(int classes) => [.. Enumerable.Range(0, classes).Select(place => new RgbColor(0, (byte)(place >> 8), (byte)place))];

    private static (ushort[] Labels, int Width, int Height) Shrink(byte[] file, int side)
    {
        var (labels, width, height) = MaskDecoder.Read(file, Limits);
        return Thumbnail.Of(labels, width, height, side);
    }

    /// <summary>Only the classes that occur get a place in the palette, so that label sets of more than 256 classes keep their colours as well.</summary>
    private static byte[] Encode((ushort[] Labels, int Width, int Height) mask, RgbColor[] colors)
    {
        var present = mask.Labels.Distinct().Order().Take(MostColors).ToArray();
        var places = new Dictionary<ushort, ushort>();
        foreach (var label in present)
            places.Add(label, (ushort)places.Count);
        var output = new MemoryStream();
        var places16 = mask.Labels.Select(label => places.GetValueOrDefault(label)).ToArray();
        MaskEncoder.Write(output, places16, mask.Width, mask.Height, [.. present.Select(label => label < colors.Length ? colors[label] : default)]);
        return output.ToArray();
    }

    private async Task<T> MakeAsync<T>(IBlobStore store, string name, Func<BlobContent, T> make, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var content = await store.ReadAsync(name, Limits.MaxFileBytes, cancellationToken);
            return await Task.Run(() => make(content), cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.TooLarge)
        {
            throw new JobRequestException(JobRequestFault.Unshowable, $"{JobNames.Shown(name)} cannot be shown: it has more than {Limits.MaxFileBytes >> 20} MB.", error);
        }
        catch (ImageDecodeException error)
        {
            throw new JobRequestException(JobRequestFault.Unshowable, $"{JobNames.Shown(name)} cannot be shown: {error.Message}", error);
        }
        finally
        {
            _turns.Release();
        }
    }
}
