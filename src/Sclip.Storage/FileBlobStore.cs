using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sclip.Storage;

/// <summary>
/// Blobs as files below a folder, with the same conditional writes as a blob service. Processes on one machine, or on a file system that
/// honours advisory locks, may share it.
/// </summary>
/// <param name="root">The folder; created with the first write.</param>
public sealed class FileBlobStore(string root) : IBlobStore
{
    private const string LockFile = ".sclip-lock";
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(5);
    private readonly string _root = Path.GetFullPath(root);

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
            if (file.Length > maxBytes)
                throw new BlobStoreException(BlobStoreFault.TooLarge, $"the file has {file.Length} bytes, more than the limit of {maxBytes} (--max-file-size).");
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return new BlobContent(bytes, TagOf(File.GetLastWriteTimeUtc(file.SafeFileHandle), bytes.Length));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BlobStoreException(BlobStoreFault.Missing, "the file does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(BlobStoreFault.Denied, $"the file cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc />
    public async Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        // Not the blob's own name with an addition: the file system's limit is the blob's alone.
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():n}.part");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                await using (var stream = new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                    await write(stream, cancellationToken);
                if (condition == WriteCondition.None)
                {
                    File.Move(part, path, overwrite: true);
                    return TagOf(new FileInfo(path));
                }
                return await MoveIfAsync(part, path, condition, cancellationToken);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new BlobStoreException(BlobStoreFault.Denied, $"{path} cannot be written: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw new BlobStoreException(BlobStoreFault.Unavailable, $"{path} cannot be written: {error.Message}", error);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A folder at a time: names below it come together in the order, so that no more than one folder of each level is held.
        var slash = prefix.LastIndexOf('/');
        var folder = prefix[..(slash + 1)];
        foreach (var entry in List(folder, prefix, after))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(name)));

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // As if it had been deleted before.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(BlobStoreFault.Denied, $"{path} cannot be deleted: {error.Message}", error);
        }
        return Task.CompletedTask;
    }

    private IEnumerable<BlobEntry> List(string folder, string prefix, string? after)
    {
        var directory = new DirectoryInfo(PathOf(folder + "."));
        if (!directory.Exists)
            yield break;
        FileSystemInfo[] children;
        try
        {
            children = directory.GetFileSystemInfos();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(BlobStoreFault.Denied, $"{directory.FullName} cannot be listed: {error.Message}", error);
        }
        // A folder sorts as its name with '/', as do the names of the blobs below it.
        foreach (var (name, child) in children.Select(child => (Name: folder + child.Name + (child is DirectoryInfo ? "/" : ""), child)).OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            if (child is DirectoryInfo)
            {
                var related = name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(name, StringComparison.Ordinal);
                var behind = after is null || string.CompareOrdinal(name, after) > 0 || after.StartsWith(name, StringComparison.Ordinal);
                // A link to a folder may lead back above itself.
                if (related && behind && child.LinkTarget is null)
                    foreach (var entry in List(name, prefix, after))
                        yield return entry;
            }
            else if (name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(name, after) > 0) && !IsOwn(child.Name))
            {
                yield return new BlobEntry(name, ((FileInfo)child).Length, TagOf((FileInfo)child), child.LastWriteTimeUtc);
            }
        }
    }

    private static bool IsOwn(string file) => file == LockFile || (file.StartsWith('.') && file.EndsWith(".part", StringComparison.Ordinal));

    /// <summary>Compares and moves under a lock of the folder, and makes the new tag differ from the old one however fast writes follow each other.</summary>
    private async Task<string?> MoveIfAsync(string part, string path, WriteCondition condition, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_root);
        await using var held = await LockAsync(Path.Combine(_root, LockFile), cancellationToken);
        var there = new FileInfo(path);
        if (condition.IfMissing ? there.Exists : !there.Exists || TagOf(there) != condition.IfMatches)
            return null;
        if (there.Exists && there.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(part))
            File.SetLastWriteTimeUtc(part, there.LastWriteTimeUtc.AddTicks(1));
        File.Move(part, path, overwrite: true);
        return TagOf(new FileInfo(path));
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(LockPoll, cancellationToken);
            }
        }
    }

    private static FileInfo Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);

    private static string TagOf(FileInfo file) => TagOf(file.LastWriteTimeUtc, file.Length);

    private static string TagOf(DateTime modified, long length) => string.Create(CultureInfo.InvariantCulture, $"{modified.Ticks:x}-{length:x}");

    private string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path == _root || path.StartsWith(_root.TrimEnd('/') + "/", StringComparison.Ordinal)
            ? path
            : throw new BlobStoreException(BlobStoreFault.InvalidName, $"'{name}' lies outside {_root}.");
    }
}
