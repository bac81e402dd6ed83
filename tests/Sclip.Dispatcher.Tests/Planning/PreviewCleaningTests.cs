using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Planning;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Dispatcher.Tests.Planning;

/// <summary>Old previews in an account whose folders are blobs, which are deleted only when they are empty.</summary>
public sealed class PreviewCleaningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folders_go_with_what_is_in_them()
    {
        var jobs = new JobBlobs(new LakeStore(_folder.Path));
        await jobs.CreateJobAsync(
            new JobDocument { Id = "preview-1", Created = DateTimeOffset.UnixEpoch, Input = new JobInput { Container = "photos" }, Labels = [new LabelClass { Name = "grass" }], Model = "a/b", Settings = new(), ShardSize = 5 }, CancellationToken.None);
        foreach (var name in (string[])["masks/a/b.png.png", "masks/c.png.png", "results/00000.jsonl", "plan.json"])
            await jobs.Store.WriteAsync(JobNames.Folder("preview-1") + name, new byte[1], WriteCondition.None, CancellationToken.None);
        using var cleaning = new PreviewCleaning(jobs, NullLogger<PreviewCleaning>.Instance);
        await cleaning.CleanAsync(DateTimeOffset.UtcNow, CancellationToken.None);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["jobs"]));
    }

    /// <summary>A folder whose folders are listed, each before what is in it, and deleted by their names.</summary>
    private sealed class LakeStore(string root) : IBlobStore
    {
        private readonly FileBlobStore _store = new(root);

        public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => _store.ReadAsync(name, maxBytes, cancellationToken);

        public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) => _store.WriteAsync(name, write, condition, cancellationToken);

        public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var folders = Directory.GetDirectories(Path.Combine(root, prefix), "*", SearchOption.AllDirectories).Select(path => new BlobEntry(Path.GetRelativePath(root, path), 0, "", default, IsFolder: true));
            foreach (var entry in folders.Concat(await _store.ListAsync(prefix, after, cancellationToken).ToListAsync(cancellationToken)).OrderBy(entry => entry.Name, StringComparer.Ordinal))
                yield return entry;
        }

        public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => _store.ListFoldersAsync(folder, cancellationToken);

        public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => _store.ExistsAsync(name, cancellationToken);

        public async Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            var path = Path.Combine(root, name);
            if (!Directory.Exists(path))
                await _store.DeleteAsync(name, cancellationToken);
            else if (Directory.EnumerateFileSystemEntries(path).Any())
                throw new BlobStoreException(BlobStoreFault.Unavailable, $"{name} is not empty.");
            else
                Directory.Delete(path);
        }
    }
}
