using Sclip.Contracts.Folders;

namespace Sclip.Storage.Folders;

/// <summary>
/// A folder that a command writes: new, empty, or its own of before, and held by one command at a time. Nothing is written before that is
/// known. Hidden files and what a disk's root holds do not count.
/// </summary>
public sealed class OwnedFolder : IDisposable
{
    private const string LockName = ".sclip-in-use";
    private readonly string _folder;
    private readonly FileStream _lock;

    private OwnedFolder(string folder, FileStream held, FolderMarker? earlier) => (_folder, _lock, Earlier) = (folder, held, earlier);

    /// <summary>What the folder was before; null where it was new or empty.</summary>
    public FolderMarker? Earlier { get; }

    /// <summary>Takes a folder for a command, and creates it where it is missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">The command, as its markers name it.</param>
    /// <param name="refusal">Why a folder that the same command wrote is refused; null where it is not.</param>
    /// <exception cref="FolderException">It is another's, in use, or cannot be written.</exception>
    public static OwnedFolder Open(string folder, string command, Func<FolderMarker, string?> refusal)
    {
        try
        {
            Check(folder, command, refusal);
            Directory.CreateDirectory(folder);
            var held = TryHold(Path.Combine(folder, LockName)) ?? throw new FolderException($"{folder} is in use by another sclip. Wait until it ends, or choose another --out.");
            try
            {
                // Another may have been there since.
                return new OwnedFolder(folder, held, Check(folder, command, refusal));
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"The output folder {folder} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Takes a folder for what a marker says; one of the same command whose owner differs is refused with the differences.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="now">What it is to be.</param>
    /// <param name="force">Whether what the same command wrote there is replaced, whosever it is.</param>
    /// <param name="forced">What <c>--force</c> does, as it ends a sentence.</param>
    /// <exception cref="FolderException">It is another's, in use, or cannot be written.</exception>
    public static OwnedFolder Open(string folder, FolderMarker now, bool force, string forced) => Open(folder, now.Command, earlier =>
        !force && earlier.DifferencesTo(now) is { Length: > 0 } differences
            ? $"{folder} holds {earlier.Describe()}, and not what is asked for now:\n{string.Join('\n', differences.Select(line => $"  {line}"))}\nUse another --out, or --force to {forced}."
            : null);

    /// <summary>Whether the folder's file system takes names for one that differ only in capitals; known once it is marked.</summary>
    public bool IgnoresCase => File.Exists(Path.Combine(_folder, FolderMarker.FileName.ToUpperInvariant()));

    /// <summary>Says in the folder what it is.</summary>
    /// <exception cref="FolderException">It cannot be written.</exception>
    public void Mark(FolderMarker marker)
    {
        try
        {
            FolderMarkers.Write(_folder, marker);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"The output folder {_folder} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Lets others have the folder.</summary>
    public void Dispose()
    {
        var path = Path.Combine(_folder, LockName);
        if (!OperatingSystem.IsWindows())
        {
            // While it is held, so that nobody else's goes.
            File.Delete(path);
            _lock.Dispose();
            return;
        }
        // Windows deletes no file that is held: not by this command, nor by another that took it since, whose file stays.
        _lock.Dispose();
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Takes the lock; null where another holds it, or took it away meanwhile together with its file.</summary>
    private static FileStream? TryHold(string path)
    {
        if (HeldFile.TryTake(path) is not { } held)
            return null;
        // A time of its own, in seconds, which every file system keeps, tells whether the file of that name is still this one.
        File.SetLastWriteTimeUtc(held.SafeFileHandle, DateTime.UnixEpoch.AddSeconds(Random.Shared.Next()));
        if (File.GetLastWriteTimeUtc(held.SafeFileHandle) == File.GetLastWriteTimeUtc(path))
            return held;
        held.Dispose();
        return null;
    }

    private static FolderMarker? Check(string folder, string command, Func<FolderMarker, string?> refusal)
    {
        if (File.Exists(folder))
            throw new FolderException($"The output folder {folder} cannot be written: it is a file. Choose a folder.");
        FolderMarkers.RequireOutside(folder);
        if (FolderMarkers.Find(folder) is not { } earlier)
        {
            return !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any(IsContent)
                ? null
                : throw new FolderException($"{folder} is not empty, and what is in it was not written by `sclip {command}`. Choose another --out, new or empty.");
        }
        if (earlier.Command != command)
            throw new FolderException($"{folder} holds {earlier.Describe()}; `sclip {command}` does not write into it. Choose another --out.");
        return refusal(earlier) is { } reason ? throw new FolderException(reason) : earlier;
    }

    private static bool IsContent(string entry) => Path.GetFileName(entry) is { } name && name[0] != '.' && name != "lost+found";
}
