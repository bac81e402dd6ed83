namespace Sclip.Storage;

/// <summary>
/// An advisory lock on the blobs of a folder, held by one writer of all processes at a time. Its file comes with the first conditional write:
/// where nothing is ever compared, nothing needs to wait.
/// </summary>
internal static class FolderLock
{
    /// <summary>The file that is locked.</summary>
    public const string FileName = ".sclip-lock";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);

    /// <summary>Takes the lock as soon as it is free; it is given back with the stream.</summary>
    public static async Task<FileStream> TakeAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException error) when (error is not FileNotFoundException and not DirectoryNotFoundException && File.Exists(path))
            {
                await Task.Delay(Poll, cancellationToken);
            }
        }
    }

    /// <summary>Takes the lock where there is one to take.</summary>
    public static async Task<FileStream?> TakeIfUsedAsync(string folder, CancellationToken cancellationToken) =>
        File.Exists(Path.Combine(folder, FileName)) ? await TakeAsync(folder, cancellationToken) : null;
}
