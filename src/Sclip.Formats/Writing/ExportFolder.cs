using System.Text;
using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;
using Sclip.Storage.Folders;

namespace Sclip.Formats.Writing;

/// <summary>
/// The folder that an export, or an import, goes to. All is written into a hidden folder within it, and takes its place once it is whole; the file
/// <c>sclip-folder.json</c> comes last, so that a folder without it is not whole.
/// </summary>
internal sealed class ExportFolder : IDisposable
{
    private const int MostNameBytes = 255;
    private readonly string _folder, _part;
    private readonly OwnedFolder _owned;
    private readonly FolderMarker _marker;

    private ExportFolder(string folder, OwnedFolder owned, FolderMarker marker) => (_folder, _part, _owned, _marker) = (folder, Path.Combine(folder, $".{marker.Command}.part"), owned, marker);

    /// <summary>Opens a folder that is new or empty; with <paramref name="force"/> also one that the same command wrote, which is replaced at the end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">The folder that it is made of, where it is one.</param>
    /// <param name="marker">What it is; its command names it in messages.</param>
    /// <param name="force">Whether what is there of the same command is replaced.</param>
    /// <exception cref="ExportException">It lies in the input.</exception>
    /// <exception cref="FolderException">It holds something else, or is in use.</exception>
    public static ExportFolder Open(string folder, string? input, FolderMarker marker, bool force)
    {
        var full = Path.GetFullPath(folder);
        if (input is not null && (full + "/").StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(input)) + "/", StringComparison.Ordinal))
            throw new ExportException($"--out {folder} lies in the folder that is {marker.Command}ed, {input}. Choose one outside.");
        var owned = OwnedFolder.Open(folder, marker.Command, earlier => force || IsLeft(earlier, marker) ? null : Refuse(folder, earlier, marker));
        var opened = new ExportFolder(full, owned, marker);
        try
        {
            // What one left that was killed.
            Delete(opened._part);
            Directory.CreateDirectory(opened._part);
            return opened;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a picture's file whose name is taken, or longer than one can be.</summary>
    /// <exception cref="PictureException">It is.</exception>
    public void RequireFree(string name)
    {
        if (name.Split('/').FirstOrDefault(part => Encoding.UTF8.GetByteCount(part) > MostNameBytes) is { } tooLong)
            throw new PictureException($"'{tooLong}' has more than the {MostNameBytes} bytes that a file's name can have. Rename it and label it again.");
        var path = PathOf(name);
        var isTaken = Path.Exists(path);
        for (var folder = Path.GetDirectoryName(path)!; !isTaken && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
            isTaken = File.Exists(folder);
        if (isTaken)
            throw new PictureException($"{name} is there already: another picture has the same place, as where their names differ in the ending alone. Rename one of them and label it again.");
    }

    /// <summary>Writes a file whose name is free (<see cref="RequireFree"/>).</summary>
    public async Task WriteAsync(PictureFile file, CancellationToken cancellationToken)
    {
        await using var stream = Create(file.Name);
        await stream.WriteAsync(file.Bytes, cancellationToken);
    }

    /// <summary>Makes a symbolic link whose name is free (<see cref="RequireFree"/>).</summary>
    public void Link(string name, string target)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    /// <summary>Starts a new file.</summary>
    public FileStream Create(string name)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Gives a file that is closed another name.</summary>
    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to));

    /// <summary>Starts a file that disappears when it is closed.</summary>
    public FileStream CreateSpill() =>
        new(Path.Combine(_part, $".{Guid.NewGuid():n}.part"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Puts all in its place.</summary>
    /// <param name="counts">What was counted.</param>
    /// <param name="cancellationToken">Checked before anything is replaced.</param>
    public void Commit(JsonObject counts, CancellationToken cancellationToken)
    {
        var entries = Directory.GetFileSystemEntries(_part).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).ToArray();
        cancellationToken.ThrowIfCancellationRequested();
        var earlier = _owned.Earlier?.Entries ?? [];
        // Whenever this ends, what is there of both is known as the command's own.
        _owned.Mark(_marker with { Unfinished = Interrupted(_marker), Entries = [.. earlier.Union(entries)] });
        foreach (var entry in earlier.Where(IsEntry))
            Delete(Path.Combine(_folder, entry));
        foreach (var entry in entries)
            Move(Path.Combine(_part, entry), Path.Combine(_folder, entry));
        _owned.Mark(_marker with { Counts = counts, Entries = entries });
    }

    /// <summary>Clears away what is not in its place.</summary>
    public void Dispose()
    {
        using var _ = _owned;
        try
        {
            Delete(_part);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is hidden, and the next run clears it away.
        }
    }

    private static string Interrupted(FolderMarker marker) => $"An {marker.Command} was interrupted while it took its place.";

    /// <summary>Whether it is this very one, and was interrupted at its end.</summary>
    private static bool IsLeft(FolderMarker earlier, FolderMarker now) => earlier.Unfinished == Interrupted(now) && earlier.DifferencesTo(now).Length == 0;

    private static string Refuse(string folder, FolderMarker earlier, FolderMarker now) => earlier.DifferencesTo(now) is { Length: > 0 } differences
        ? $"{folder} holds an {now.Command} already, and not this one:\n{string.Join('\n', differences.Select(line => $"  {line}"))}\nReplace it by --force, or choose another --out."
        : $"{folder} holds this {now.Command} already. Replace it by --force, or choose another --out.";

    /// <summary>Whether a name in a marker, which anybody may have written, is that of something at the folder's top.</summary>
    private static bool IsEntry(string name) => name is not ("" or "." or "..") && Path.GetFileName(name) == name;

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    private string PathOf(string name) => Path.Combine(_part, name);
}
