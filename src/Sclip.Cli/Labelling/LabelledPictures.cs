using Sclip.Contracts;
using Sclip.Formats;
using Sclip.Formats.Pictures;
using Sclip.Storage;

namespace Sclip.Cli.Labelling;

/// <summary>The pictures of an earlier run by the names in its results, looked for only when one is read; read only.</summary>
/// <param name="results">What the run found for each.</param>
/// <param name="folders">Where they lie.</param>
internal sealed class LabelledPictures(IReadOnlyDictionary<string, ImageResult> results, IReadOnlyList<string> folders) : IBlobStore
{
    private readonly FolderPictures _folders = new(folders);

    public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        var result = results[name];
        string path;
        try
        {
            path = _folders.Find(result);
        }
        catch (PictureException error)
        {
            throw new BlobStoreException(BlobStoreFault.Missing, error.Message, error);
        }
        // Another size is another picture; times are lost where pictures are copied.
        return result.InputBytes is { } bytes && new FileInfo(path) is { Exists: true } file && file.Length != bytes
            ? throw new BlobStoreException(BlobStoreFault.Missing, $"{path} has changed since its features were kept: it had {bytes} bytes, and has {file.Length}.")
            : new FileBlobStore(Path.GetDirectoryName(path)!).ReadAsync(Path.GetFileName(path), maxBytes, cancellationToken);
    }

    public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
}
