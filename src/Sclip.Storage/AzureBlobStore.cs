using System.Buffers;
using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Sclip.Storage;

/// <summary>
/// The blobs of one container of Azure Blob, or of an emulator. Listings come in the order of an account with a flat or with a hierarchical
/// namespace (<see cref="NameOrder"/>); one in neither order is refused rather than listed with gaps.
/// </summary>
public sealed partial class AzureBlobStore : IBlobStore
{
    /// <summary>What is sent at once; larger blobs go up in blocks of this size.</summary>
    private const int BlockBytes = 4 << 20;

    /// <summary>The mark of one write, by which a writer knows its own blob when it never saw the answer to its request.</summary>
    private const string WriteMark = "sclipwrite";

    private static readonly StorageTransferOptions OneRequest = new() { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes };
    private readonly BlobContainerClient _container;
    private readonly AzureFaults _faults;
    private readonly int? _pageSize;

    /// <param name="container">The container, with retries as they shall be.</param>
    /// <param name="faults">What its failures are called.</param>
    /// <param name="pageSize">How many names a listing asks for at once; as many as the service gives (5,000) where null.</param>
    internal AzureBlobStore(BlobContainerClient container, AzureFaults faults, int? pageSize = null) => (_container, _faults, _pageSize) = (container, faults, pageSize);

    /// <inheritdoc />
    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => CallAsync("read", name, async () =>
    {
        var response = await Blob(name).DownloadStreamingAsync(cancellationToken: cancellationToken);
        // Not read to its end, the answer's connection is given up with it.
        await using var content = response.Value.Content;
        var length = response.Value.Details.ContentLength;
        if (length > Math.Min(maxBytes, Array.MaxLength))
            throw new BlobStoreException(BlobStoreFault.TooLarge, $"{_faults.Where(name)} has {length} bytes, more than the limit of {maxBytes} (--max-file-size).");
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return new BlobContent(bytes, TagOf(response.Value.Details.ETag));
    }, cancellationToken);

    /// <inheritdoc />
    public Task<byte[]> ReadHeadAsync(string name, int bytes, CancellationToken cancellationToken) => CallAsync("read", name, async () =>
    {
        try
        {
            var response = await Blob(name).DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(0, bytes) }, cancellationToken);
            await using var content = response.Value.Content;
            var head = new byte[Math.Min(bytes, response.Value.Details.ContentLength)];
            await content.ReadExactlyAsync(head, cancellationToken);
            return head;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.InvalidRange)
        {
            // Of an empty blob there is no such range.
            return [];
        }
    }, cancellationToken);

    /// <inheritdoc />
    public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
    {
        var blob = Blob(name);
        await using var stream = new SpillStream(BlockBytes);
        try
        {
            await write(stream, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(BlobStoreFault.Unavailable, $"{_faults.Where(name)} cannot be written: its temporary file cannot: {error.Message}", error);
        }
        stream.Position = 0;
        return await CallAsync("written", name, () => UploadAsync(blob, stream, condition, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) => CallAsync("looked up", name, async () =>
    {
        try
        {
            var found = (await Blob(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return new BlobEntry(name, found.ContentLength, TagOf(found.ETag), found.LastModified, found.ContentHash, IsFolder(found.ContentLength, found.Metadata));
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }, cancellationToken);

    /// <inheritdoc />
    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) =>
        CallAsync("looked up", name, async () => (await Blob(name).ExistsAsync(cancellationToken)).Value, cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        CallAsync("deleted", name, async () => (await Blob(name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken)).Value, cancellationToken);

    private static async Task<string?> UploadAsync(BlockBlobClient blob, SpillStream stream, WriteCondition condition, CancellationToken cancellationToken)
    {
        var mark = Guid.NewGuid().ToString("n");
        var metadata = condition == WriteCondition.None ? null : new Dictionary<string, string> { [WriteMark] = mark };
        var conditions = new BlobRequestConditions
        {
            IfNoneMatch = condition.IfMissing ? ETag.All : null,
            IfMatch = condition.IfMatches is { } tag ? new ETag($"\"{tag}\"") : null,
        };
        try
        {
            var written = stream.Length <= BlockBytes
                ? await blob.UploadAsync(stream, new BlobUploadOptions { Conditions = conditions, Metadata = metadata, TransferOptions = OneRequest }, cancellationToken)
                : await UploadBlocksAsync(blob, stream, conditions, metadata, cancellationToken);
            return TagOf(written.Value.ETag);
        }
        catch (RequestFailedException error) when (condition != WriteCondition.None && AzureFaults.IsConditionNotMet(error))
        {
            // A request whose answer was lost is sent again, and then meets the blob that it wrote itself.
            return await TagOfOwnAsync(blob, mark, cancellationToken);
        }
    }

    /// <summary>Sends blocks, then makes them the blob at once. The names of the blocks are this write's own, so that two writers at once do not mix theirs.</summary>
    private static async Task<Response<BlobContentInfo>> UploadBlocksAsync(
        BlockBlobClient blob, SpillStream stream, BlobRequestConditions conditions, Dictionary<string, string>? metadata, CancellationToken cancellationToken)
    {
        var write = Guid.NewGuid();
        var blocks = new List<string>();
        // The service hashes what comes in one request alone.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            int length;
            while ((length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, BlockBytes), BlockBytes, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                var id = Convert.ToBase64String([.. write.ToByteArray(), .. BitConverter.GetBytes(blocks.Count)]);
                md5.AppendData(buffer, 0, length);
                using var block = new MemoryStream(buffer, 0, length, writable: false);
                await blob.StageBlockAsync(id, block, cancellationToken: cancellationToken);
                blocks.Add(id);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return await blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = conditions, Metadata = metadata, HttpHeaders = new BlobHttpHeaders { ContentHash = md5.GetHashAndReset() } }, cancellationToken);
    }

    private static async Task<string?> TagOfOwnAsync(BlockBlobClient blob, string mark, CancellationToken cancellationToken)
    {
        try
        {
            var there = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return there.Metadata.TryGetValue(WriteMark, out var found) && found == mark ? TagOf(there.ETag) : null;
        }
        catch (RequestFailedException error) when (error.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    // As the header writes it, with quotes, or as listings do, without.
    private static string TagOf(ETag tag) => tag.ToString().Trim('"');

    private BlockBlobClient Blob(string name)
    {
        BlobNameRules.CheckForAzure(name);
        return _container.GetBlockBlobClient(name);
    }

    private async Task<T> CallAsync<T>(string done, string? name, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (AzureFaults.IsClientFailure(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw _faults.Translate(error, done, name);
        }
    }
}
