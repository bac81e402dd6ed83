using System.Text.Json;

namespace Sclip.Formats.Writing;

/// <summary>
/// The folder that an export goes to. All is written into a hidden folder within it, and takes its place once it is whole; the file
/// <c>sclip-export.json</c> comes last, so that a folder without it is no whole export.
/// </summary>
internal sealed class ExportFolder : IDisposable
{
    private const string PartName = ".export.part", MarkName = "sclip-export.json";
    private readonly string _folder, _part;
    private readonly string[] _earlier;

    private ExportFolder(string folder, string[] earlier) => (_folder, _part, _earlier) = (folder, Path.Combine(folder, PartName), earlier);

    /// <summary>Opens a folder that is new or empty; with <paramref name="force"/> also one of an earlier export, which is replaced at the end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="input">The folder that is exported, where it is one.</param>
    /// <param name="force">Whether an earlier export is replaced.</param>
    /// <exception cref="ExportException">It holds something else, or lies in the input.</exception>
    public static ExportFolder Open(string folder, string? input, bool force)
    {
        var full = Path.GetFullPath(folder);
        if (input is not null && (full + "/").StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(input)) + "/", StringComparison.Ordinal))
            throw new ExportException($"--out {folder} lies in the folder that is exported, {input}. Choose one outside.");
        if (File.Exists(full))
            throw new ExportException($"--out {folder} is a file. Choose a folder.");
        Directory.CreateDirectory(full);
        var earlier = Array.Empty<string>();
        if (Directory.EnumerateFileSystemEntries(full).Any(entry => Path.GetFileName(entry) != PartName))
        {
            earlier = ReadMark(full) ?? throw new ExportException($"{folder} is not empty, and what is in it is no export. Choose another --out.");
            if (!force)
                throw new ExportException($"{folder} holds an export already. Replace it by --force, or choose another --out.");
        }
        var opened = new ExportFolder(full, earlier);
        opened.Dispose();
        Directory.CreateDirectory(opened._part);
        return opened;
    }

    /// <summary>Writes a picture's file.</summary>
    /// <exception cref="PictureException">There is a file of that name already.</exception>
    public async Task WriteAsync(PictureFile file, CancellationToken cancellationToken)
    {
        var path = PathOf(file.Name);
        if (File.Exists(path))
            throw new PictureException($"{file.Name} is there already: another picture has the same name but for its ending. Rename one of them and label it again.");
        await using var stream = Open(path);
        await stream.WriteAsync(file.Bytes, cancellationToken);
    }

    /// <summary>Starts a file that all pictures share.</summary>
    public FileStream Create(string name) => Open(PathOf(name));

    /// <summary>Starts a file that disappears when it is closed.</summary>
    public FileStream CreateSpill() =>
        new(Path.Combine(_part, $".{Guid.NewGuid():n}.part"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Puts all in its place.</summary>
    /// <param name="mark">What the export is.</param>
    /// <param name="cancellationToken">Looked at before anything is replaced.</param>
    public async Task CommitAsync(Action<Utf8JsonWriter> mark, CancellationToken cancellationToken)
    {
        var entries = Directory.GetFileSystemEntries(_part).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).ToArray();
        await using (var file = Open(Path.Combine(_part, MarkName)))
        await using (var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            mark(json);
            json.WriteStartArray("entries");
            foreach (var entry in entries)
                json.WriteStringValue(entry);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        cancellationToken.ThrowIfCancellationRequested();
        File.Delete(Path.Combine(_folder, MarkName));
        foreach (var entry in _earlier)
            Delete(Path.Combine(_folder, entry));
        foreach (var entry in entries.Append(MarkName))
            Move(Path.Combine(_part, entry), Path.Combine(_folder, entry));
    }

    /// <summary>Clears away what is not in its place.</summary>
    public void Dispose()
    {
        try
        {
            Delete(_part);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is hidden, and the next export clears it away.
        }
    }

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

    private static FileStream Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>The names at the top of an earlier export; null where there is none.</summary>
    private static string[]? ReadMark(string folder)
    {
        try
        {
            using var mark = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, MarkName)));
            var names = mark.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetString()!).ToArray();
            return names.All(name => name is not (null or "" or "." or "..") && Path.GetFileName(name) == name) ? names : null;
        }
        catch (Exception error) when (error is FileNotFoundException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string name) => Path.Combine(_part, name);
}
