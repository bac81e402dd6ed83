using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Cache;

/// <summary>
/// The folder of what is kept beside the blobs to answer soon: the configured one, or one below the temporary directory that is this process's own and
/// deleted at its end. What is in it may be deleted at any time: who finds it gone makes it anew.
/// </summary>
internal sealed class CacheFolder : IDisposable
{
    private readonly IDisposable _held;

    /// <summary>Takes the folder; where another process has the configured one, a folder of its own.</summary>
    /// <exception cref="ConfigurationException">The configured folder cannot be used.</exception>
    public CacheFolder(DispatcherOptions options)
    {
        if (options.CacheFolder is { } configured && TryTakeConfigured(configured) is { } taken)
        {
            (Path, _held) = (System.IO.Path.GetFullPath(configured), taken);
            return;
        }
        var own = new OwnFolder("sclip-dispatcher");
        (Path, _held) = (own.Path, own);
    }

    /// <summary>The folder, by its whole path.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public void Dispose() => _held.Dispose();

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
        return OwnFolder.TryLock(folder);
    }
}
