using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher;

/// <summary>
/// The folder of what is kept beside the blobs to answer soon: the configured one, or one below the temporary directory that is this process's own and
/// deleted at its end. All in it may be deleted at any time while no dispatcher runs.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    private const string OwnPrefix = "sclip-dispatcher-";
    private const string LockName = "in-use";
    private readonly FileStream _lock;
    private readonly bool _isOwn;

    /// <summary>Takes the folder; where another process has the configured one, a folder of its own.</summary>
    /// <exception cref="ConfigurationException">The configured folder cannot be used.</exception>
    public CacheFolder(DispatcherOptions options)
    {
        if (options.CacheFolder is { } configured && TryTakeConfigured(configured) is { } taken)
        {
            (Path, _lock) = (System.IO.Path.GetFullPath(configured), taken);
            return;
        }
        ClearLeftFolders();
        Path = Directory.CreateTempSubdirectory(OwnPrefix).FullName;
        (_lock, _isOwn) = (Lock(Path), true);
    }

    /// <summary>The folder, by its whole path.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_isOwn)
            Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private static FileStream? TryTakeConfigured(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(System.IO.Path.Combine(folder, ".probe"), []);
            File.Delete(System.IO.Path.Combine(folder, ".probe"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{SclipOptions.Shown(DispatcherOptions.Section, nameof(DispatcherOptions.CacheFolder))} cannot be used: {error.Message} Give a folder in which files can be written, or none.", error);
        }
        return TryLock(folder);
    }

    /// <summary>Deletes what processes left that were killed.</summary>
    private static void ClearLeftFolders()
    {
        foreach (var folder in Directory.GetDirectories(System.IO.Path.GetTempPath(), OwnPrefix + "*"))
        {
            // Without a lock yet it is one that is being made just now.
            if (!File.Exists(System.IO.Path.Combine(folder, LockName)) || TryLock(folder) is not { } left)
                continue;
            using (left)
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or deleted by another process at the same time.
                }
        }
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return Lock(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static FileStream Lock(string folder) => new(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
