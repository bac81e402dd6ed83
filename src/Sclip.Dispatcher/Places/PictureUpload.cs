using System.Buffers;
using System.Security.Cryptography;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Places;
using Sclip.Imaging;
using Sclip.Storage;

namespace Sclip.Dispatcher.Places;

/// <summary>Puts a picture into a container, as <c>sclip upload</c> does: one that is there with the same content is passed over, with other content it is refused.</summary>
/// <param name="places">Where pictures may be put.</param>
/// <param name="account">Where containers are.</param>
public sealed class PictureUpload(PlaceListing places, IBlobAccount account)
{
    private const int BufferBytes = 64 << 10;

    /// <summary>What an upload may be.</summary>
    public static UploadLimits Limits { get; } = new() { Bytes = 64L << 20, Files = 2000, Endings = ImageDecoder.Endings };

    /// <summary>Puts a picture; whatever breaks off leaves nothing.</summary>
    /// <param name="container">The container, which is created where it is missing.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="content">Its content.</param>
    /// <param name="length">The bytes of its content, where they are known.</param>
    /// <param name="cancellationToken">Checked while it is read.</param>
    /// <exception cref="JobRequestException">It is no picture by its name, empty, too large, or there is another by that name.</exception>
    /// <exception cref="BlobStoreException">The store does not take it.</exception>
    public async Task<UploadedPicture> PutAsync(string container, string name, Stream content, long? length, CancellationToken cancellationToken)
    {
        var store = places.Open(container, name);
        if (JobNames.Refusal(name) is { } refusal)
            throw Invalid($"'{JobNames.Shown(name)}' cannot be uploaded: {refusal}");
        if (!ImageDecoder.HasEnding(name))
            throw Invalid($"'{JobNames.Shown(name)}' is no picture by its ending: there are {string.Join(", ", ImageDecoder.Endings)}.");
        if (length > Limits.Bytes)
            throw TooLarge(name);
        var there = await FindAsync(store, container, name, cancellationToken);
        if (there is not null && length is { } told && told != there.Bytes)
            throw Other(container, name);
        var (read, md5) = (0L, Array.Empty<byte>());
        var tag = await store.WriteAsync(name, async (stream, token) => (read, md5) = await CopyAsync(name, content, stream, token), WriteCondition.Missing, cancellationToken);
        if (tag is null && !await store.HoldsAsync(there ?? await FindAsync(store, container, name, cancellationToken) ?? throw Other(container, name), read, md5, cancellationToken))
            throw Other(container, name);
        return new UploadedPicture { Container = container, Name = name, Bytes = read, WasThere = tag is null };
    }

    private async Task<BlobEntry?> FindAsync(IBlobStore store, string container, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindAsync(name, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Missing)
        {
            await account.CreateContainerAsync(container, cancellationToken);
            return null;
        }
    }

    private static async Task<(long Bytes, byte[] Md5)> CopyAsync(string name, Stream from, Stream to, CancellationToken cancellationToken)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var bytes = 0L;
        try
        {
            while (await ReadAsync(name, from, buffer, cancellationToken) is > 0 and var read)
            {
                bytes += read;
                if (bytes > Limits.Bytes)
                    throw TooLarge(name);
                md5.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return bytes > 0 ? (bytes, md5.GetHashAndReset()) : throw Invalid($"'{JobNames.Shown(name)}' is empty.");
    }

    /// <summary>Reads on; what breaks off is the sender's fault, and none of the store, which would be said to be unable to write.</summary>
    private static async Task<int> ReadAsync(string name, Stream from, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await from.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException error)
        {
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(name)}' did not come whole: it broke off, or came too slowly. Send it again.", error);
        }
    }

    private static JobRequestException TooLarge(string name) =>
        new(JobRequestFault.TooLarge, $"'{JobNames.Shown(name)}' has more than {Limits.Bytes >> 20} MB, which an upload over HTTP may have. Put it there by `sclip upload`.");

    private static JobRequestException Other(string container, string name) =>
        new(JobRequestFault.Conflict, $"{container} has another picture by the name {JobNames.Shown(name)}, which is not replaced. Upload it to another place, or rename it.");

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
