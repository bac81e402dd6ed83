using Sclip.Storage;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>The pictures of a run as a store, by the names they have in its results; read only.</summary>
internal sealed class LocalPictures(IReadOnlyList<PictureReference> pictures) : IBlobStore
{
    private readonly Dictionary<string, PictureReference> _pictures = pictures.ToDictionary(picture => picture.Name, StringComparer.Ordinal);

    public async Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        var picture = _pictures[name];
        try
        {
            return await picture.Store.ReadAsync(picture.BlobName, maxBytes, cancellationToken);
        }
        catch (BlobStoreException error) when (error.Fault == BlobStoreFault.Unavailable)
        {
            // A file that cannot be read is that file's own fault; others may well be read.
            throw new BlobStoreException(BlobStoreFault.Denied, error.Message, error);
        }
    }

    public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
}
