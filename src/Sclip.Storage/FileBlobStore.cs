using System.Globalization;

namespace Sclip.Storage;

/// <summary>
/// Blobs as files below a folder, with the same conditional writes as a blob service. Processes on one machine, or on a file system that
/// honours advisory locks, may share it. Unlike in a blob service, 'a' and 'a/b' cannot both be blobs.
/// </summary>
/// <param name="root">The folder; created with the first write.</param>
/// <param name="durable">Whether a write or a deletion that has returned outlasts a loss of power; for what can be made again, false spares two waits for the disk a write.</param>
public sealed partial class FileBlobStore(string root, bool durable = true) : IBlobStore
{
    private readonly string _root = Path.GetFullPath(root);

    /// <summary>The folder, by its whole path.</summary>
    public string Root => _root;

    /// <summary>Takes away what writes left that were killed; not to be called while others write.</summary>
    public void ClearLeftWrites()
    {
        if (!Directory.Exists(_root))
            return;
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateFiles(_root, ".*", options).Where(path => PartFile.IsName(Path.GetFileName(path.AsSpan()))))
            File.Delete(path);
    }

    /// <inheritdoc />
    public async Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            // Pipes and devices have no length either, and opening or reading them might never end.
            if (Target(path) is { Exists: true, Length: 0 } empty)
                return new BlobContent([], TagOf(empty));
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            if (file.Length > Math.Min(maxBytes, Array.MaxLength))
                throw new BlobStoreException(BlobStoreFault.TooLarge, $"{path} has {file.Length} bytes, more than the limit of {maxBytes} (--max-file-size).");
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return new BlobContent(bytes, TagOf(File.GetLastWriteTimeUtc(file.SafeFileHandle), bytes.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Unread(path, error);
        }
    }

    /// <inheritdoc />
    public async Task<byte[]> ReadHeadAsync(string name, int bytes, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            // As whole reads have it: what has no length is not opened.
            if (Target(path) is { Exists: true, Length: 0 })
                return [];
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            var head = new byte[Math.Min(bytes, file.Length)];
            await file.ReadExactlyAsync(head, cancellationToken);
            return head;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Unread(path, error);
        }
    }

    /// <inheritdoc />
    public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        var folder = Path.GetDirectoryName(path)!;
        // Not the blob's own name with an addition: the file system's limit is the blob's alone.
        var part = Path.Combine(folder, PartFile.NewName());
        try
        {
            if (durable)
                DurableFolder.Create(folder);
            else
                Directory.CreateDirectory(folder);
            try
            {
                await using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                {
                    await write(stream, cancellationToken);
                    await stream.FlushAsync(cancellationToken);
                    // Before the name, which must never be that of a file without its content.
                    if (durable)
                        RandomAccess.FlushToDisk(stream.SafeFileHandle);
                }
                var tag = await MoveIfAsync(part, path, condition, cancellationToken);
                // Behind the lock, so that nobody else waits for this disk; the answer does.
                if (durable && tag is not null)
                    DurableFolder.Sync(folder);
                return tag;
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FileFaults.Unwritten(path, error);
        }
    }

    /// <inheritdoc />
    public Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        return Directory.Exists(_root) ? Task.FromResult(EntryOf(name, path))
            : throw new BlobStoreException(BlobStoreFault.Missing, $"{_root} does not exist.");
    }

    /// <inheritdoc />
    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(name)));

    /// <inheritdoc />
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            await using (await FolderLock.TakeIfUsedAsync(_root, cancellationToken))
                File.Delete(path);
            if (durable)
                DurableFolder.Sync(Path.GetDirectoryName(path)!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!FileFaults.IsMissing(path, error))
                throw FileFaults.Translate(error, $"{path} cannot be deleted");
        }
    }

    private static BlobEntry? EntryOf(string name, string path) => Target(path) is { Exists: true } file ? new BlobEntry(name, file.Length, TagOf(file), file.LastWriteTimeUtc) : null;

    private static bool IsOwn(string folder, ReadOnlySpan<char> file) => (folder.Length == 0 && file is FolderLock.FileName) || PartFile.IsName(file);

    /// <summary>Compares and moves, and makes the new tag differ from the old one however fast writes follow each other.</summary>
    private async Task<string?> MoveIfAsync(string part, string path, WriteCondition condition, CancellationToken cancellationToken)
    {
        await using var held = condition == WriteCondition.None ? await FolderLock.TakeIfUsedAsync(_root, cancellationToken) : await FolderLock.TakeAsync(_root, cancellationToken);
        var there = new FileInfo(path);
        if (condition.IfMissing && there.Exists)
            return null;
        if (condition.IfMatches is { } tag && (!there.Exists || TagOf(there) != tag))
            return null;
        // The clock of file systems is coarser than this one.
        var now = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(part, there.Exists && there.LastWriteTimeUtc >= now ? there.LastWriteTimeUtc.AddTicks(1) : now);
        var moved = TagOf(new FileInfo(part));
        try
        {
            // Where locks are not honoured, this looks once more, just before it renames.
            File.Move(part, path, overwrite: !condition.IfMissing);
            return moved;
        }
        catch (IOException) when (condition.IfMissing && File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>The file behind a path or a link; null where links lead nowhere.</summary>
    private static FileInfo? Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string TagOf(FileInfo file) => TagOf(file.LastWriteTimeUtc, file.Length);

    private static string TagOf(DateTime modified, long length) => string.Create(CultureInfo.InvariantCulture, $"{modified.Ticks:x}-{length:x}");

    private string PathOf(string name)
    {
        BlobNameRules.CheckForFiles(name);
        if (IsOwn(name[..(name.LastIndexOf('/') + 1)], name.AsSpan(name.LastIndexOf('/') + 1)))
            throw new BlobStoreException(BlobStoreFault.InvalidName, $"'{name}' is a name that the store uses itself.");
        return Path.Combine(_root, name);
    }
}
