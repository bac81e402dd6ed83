using System.Globalization;

namespace Sclip.Dispatcher.Cache;

/// <summary>
/// A folder below the temporary directory that is this process's own and deleted at its end. What processes left that were killed is deleted by the next
/// that makes one of the same name.
/// </summary>
internal sealed class OwnFolder : IDisposable
{
    private const string LockName = "in-use";
    private readonly FileStream _lock;

    /// <summary>Makes the folder.</summary>
    /// <param name="name">What its name begins with, before the number of the process.</param>
    public OwnFolder(string name)
    {
        ClearLeftFolders(name);
        Path = Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{name}-{Environment.ProcessId}-")).FullName;
        _lock = Lock(Path);
    }

    /// <summary>The folder, by its whole path.</summary>
    public string Path { get; }

    /// <summary>Takes a folder until the result is disposed of; null where another process has it, or it cannot be written.</summary>
    public static FileStream? TryLock(string folder)
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

    /// <inheritdoc />
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private static void ClearLeftFolders(string name)
    {
        foreach (var folder in Directory.GetDirectories(System.IO.Path.GetTempPath(), $"{name}-*"))
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

    private static FileStream Lock(string folder) => new(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
