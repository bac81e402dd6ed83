namespace Sclip.Dispatcher.Gallery;

/// <summary>Where the indexes of this process lie. They are a cache: what is there may be deleted while no dispatcher runs.</summary>
internal sealed class IndexFolder : IDisposable
{
    private const int MostProcesses = 100;
    private readonly FileStream? _lock;
    private readonly bool _isTemporary;

    /// <summary>Takes a folder: below the one for caches, where there is such, and never one that another process has; else a temporary one, which is deleted at the end.</summary>
    /// <exception cref="IOException">No folder can be made.</exception>
    public IndexFolder(string? cacheFolder)
    {
        if (cacheFolder is null)
            (Path, _isTemporary) = (Directory.CreateTempSubdirectory("sclip-gallery-").FullName, true);
        else
            (Path, _lock) = Take(System.IO.Path.Combine(cacheFolder, "gallery"));
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _lock?.Dispose();
        if (_isTemporary && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private static (string Path, FileStream Lock) Take(string folder)
    {
        for (var i = 0; ; i++)
        {
            var path = System.IO.Path.Combine(folder, $"{i}");
            Directory.CreateDirectory(path);
            try
            {
                return (path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (i < MostProcesses)
            {
                // Another process has it.
            }
        }
    }
}
