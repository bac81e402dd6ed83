using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Hosting.Telemetry;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Gallery;

/// <summary>Makes small versions of a job's pictures and masks. Whatever the blobs hold, what leaves is a JPEG or a PNG made here.</summary>
/// <param name="stores">The stores.</param>
/// <param name="decoder">What decodes pictures.</param>
/// <param name="logger">Told of pictures whose decoder does not come back.</param>
public sealed partial class Thumbnails(JobStores stores, WatchedDecoder decoder, ILogger<Thumbnails> logger) : IDisposable
{
    /// <summary>Time that a picture has: somebody waits for it.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(20);

    /// <summary>The least long side in pixels.</summary>
    public const int LeastSide = 16;

    /// <summary>The greatest long side in pixels.</summary>
    public const int MostSide = 2048;

    private const int JpegQuality = 82;
    private const int MostColors = 256;

    // Each lost thread may keep a processor busy until the process ends; jobs go on meanwhile, and need this one.
    private const int MostLost = 4;

    // A decoded picture takes three bytes a pixel; with few at a time the service's memory stays small.
    private static readonly ImageLimits Limits = new() { MaxPixels = 50_000_000, MaxFileBytes = 64L << 20 };
    private readonly SemaphoreSlim _turns = new(2);
    private readonly ConcurrentDictionary<(string Place, string ETag), bool> _lost = new();

    /// <summary>A picture of a job, upright, as a JPEG.</summary>
    /// <param name="job">The job.</param>
    /// <param name="image">The image's name.</param>
    /// <param name="version">The tag of the version that is wanted, the <c>input_etag</c> of its result; null takes whichever is there.</param>
    /// <param name="side">Most pixels of the long side.</param>
    /// <param name="cancellationToken">Checked before and after the blob is read.</param>
    /// <returns>The picture, and the tag of the version that it is of.</returns>
    /// <exception cref="JobRequestException">The job has no such image, or it is there in another version, cannot be decoded, or is too large to be shown.</exception>
    public async Task<(byte[] Jpeg, string ETag)> PictureAsync(JobDocument job, string image, string? version, int side, CancellationToken cancellationToken)
    {
        if (!image.StartsWith(job.Input.Prefix, StringComparison.Ordinal))
            throw new JobRequestException(JobRequestFault.NotFound, $"'{JobNames.Shown(image)}' is no image of job {job.Id}: its images begin with '{JobNames.Shown(job.Input.Prefix)}'.");
        return await MakeAsync(
            stores.Images(job),
            image,
            job.Input.Container,
            (file, token) => version is null || version == file.ETag
                ? (JpegEncoder.Encode(Thumbnail.Of(decoder.Decode(file.Bytes, Limits, token), side), JpegQuality), file.ETag)
                : throw new JobRequestException(JobRequestFault.Conflict, $"'{JobNames.Shown(image)}' is another picture now than the one that job {job.Id} labelled: it was written anew since."),
            cancellationToken);
    }

    /// <summary>A picture that need not be of a job, upright, as a JPEG.</summary>
    /// <param name="store">The container.</param>
    /// <param name="container">Its name.</param>
    /// <param name="image">The picture's name.</param>
    /// <param name="side">Most pixels of the long side.</param>
    /// <param name="cancellationToken">Checked before and after the blob is read.</param>
    /// <exception cref="JobRequestException">It is no picture, cannot be decoded, or is too large to be shown.</exception>
    public async Task<byte[]> StoredAsync(IBlobStore store, string container, string image, int side, CancellationToken cancellationToken)
    {
        if (!ImageDecoder.HasEnding(image))
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(image)}' is no picture by its ending: there are {string.Join(", ", ImageDecoder.Endings)}.");
        return await MakeAsync(store, image, container, (file, token) => JpegEncoder.Encode(Thumbnail.Of(decoder.Decode(file.Bytes, Limits, token), side), JpegQuality), cancellationToken);
    }

    /// <summary>A mask of a job, as a PNG.</summary>
    /// <param name="job">The job.</param>
    /// <param name="mask">The mask's name in the results, or that of a corrected one.</param>
    /// <param name="side">Most pixels of the long side.</param>
    /// <param name="places">Whether it has a colour for the place of each class, so that those of one colour stay apart, and not the colours of the classes.</param>
    /// <param name="cancellationToken">Checked before and after the blob is read.</param>
    /// <exception cref="JobRequestException">The job has no such mask, or it cannot be decoded, or is too large to be shown.</exception>
    public async Task<byte[]> MaskAsync(JobDocument job, string mask, int side, bool places, CancellationToken cancellationToken)
    {
        if (!(mask.StartsWith("masks/", StringComparison.Ordinal) || OutputNames.IsCorrection(mask)) || JobNames.Refusal(mask) is not null)
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(mask)}' is no mask of a job; it reads masks/NAME.png, as in the results, or corrections/NAME.png.");
        return await MakeAsync(stores.Outputs(job), mask, job.Id, (file, _) => Encode(Shrink(file.Bytes, side), places ? Places(job.Labels.Count) : Palette.Of(job.Labels)), cancellationToken);
    }

    /// <summary>Refuses sides that are not made.</summary>
    /// <exception cref="JobRequestException">The side is out of range.</exception>
    public static void CheckSide(int side)
    {
        if (side is < LeastSide or > MostSide)
            throw new JobRequestException(JobRequestFault.Invalid, $"side must lie in {LeastSide}..{MostSide} pixels; it is {side}.");
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

    private async Task<T> MakeAsync<T>(IBlobStore store, string name, string place, Func<BlobContent, CancellationToken, T> make, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var content = await store.ReadAsync(name, Limits.MaxFileBytes, cancellationToken);
            var key = ($"{place}/{name}", content.ETag);
            if (_lost.ContainsKey(key))
                throw new JobRequestException(JobRequestFault.Unshowable, $"{JobNames.Shown(name)} cannot be shown: its decoder did not come back before.");
            if (_lost.Count >= MostLost)
                throw new JobRequestException(JobRequestFault.Unshowable, $"{JobNames.Shown(name)} cannot be shown: the decoders of {_lost.Count} others did not come back, and this dispatcher shows no more until it is started anew.");
            // The turn lasts until the decoder has come back, or is lost, also where nobody waits any more: else there would be more than two.
            return await (decoder with { Lost = _ => Lose(key) }).RunAsync(name, token => make(content, token), cancellationToken);
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

    private void Lose((string Place, string ETag) picture)
    {
        _lost.TryAdd(picture, true);
        SclipTelemetry.LostThreads.Add(1);
        LogLost(JobNames.Shown(picture.Place), decoder.Time.TotalSeconds);
    }

    [LoggerMessage(1, LogLevel.Error, "The decoder of {Image} has not come back within {Seconds} s; its thread is lost until the dispatcher is started anew, and the image is not shown again. Keep it, and report it.")]
    private partial void LogLost(string image, double seconds);
}
