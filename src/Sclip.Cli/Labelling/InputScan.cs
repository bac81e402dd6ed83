using System.IO.Enumeration;
using Microsoft.Extensions.FileSystemGlobbing;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Folders;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>Finds the pictures that the arguments name.</summary>
internal sealed class InputScan
{
    private readonly string? _output;
    private readonly List<(string Root, string Name)> _found = [];
    private readonly List<string> _passedOver = [];

    private InputScan(string? output) => _output = output is null ? null : Full(output);

    /// <summary>The pictures, in the order of the arguments, each argument's by name.</summary>
    public IReadOnlyList<PictureReference> Pictures { get; private set; } = [];

    /// <summary>Files in the folders that are no pictures by their endings.</summary>
    public int OtherFiles { get; private set; }

    /// <summary>Finds pictures in files, folders (with all below, but for hidden ones, links to folders and outputs) and globs, and tells which folders it did not look into.</summary>
    /// <exception cref="UserException">An input does not exist or cannot be read, or there is no picture.</exception>
    public static async Task<InputScan> TellAsync(CliContext context, IReadOnlyList<string> inputs, string? output)
    {
        var scan = Of(inputs, output);
        foreach (var folder in scan._passedOver)
            await context.Error.WriteLineAsync($"passed over: {Printable.Line(folder)}");
        return scan;
    }

    /// <summary>The same without a word of folders.</summary>
    public static InputScan Of(IReadOnlyList<string> inputs, string? output)
    {
        var scan = new InputScan(output);
        foreach (var input in inputs)
            try
            {
                scan.Add(input);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new UserException($"Not all pictures of {input} can be found: {error.Message} Make it readable, or name the folders that are.", error);
            }
        if (scan._found.Count == 0 && scan._output is { } folder && inputs.FirstOrDefault(input => scan.IsOutput(Full(input) + "/")) is { } inside)
            throw new UserException($"--out {output} is where the pictures lie, or above them ({inside}), and what lies in it is not labelled. Choose another --out.");
        if (scan._found.Count == 0)
            throw new UserException($"There are no pictures ({string.Join(", ", ImageDecoder.Endings)}) in {string.Join(", ", inputs)}.");
        scan.Pictures = [.. scan.Name()];
        return scan;
    }

    private void Add(string input)
    {
        if (Directory.Exists(input))
            AddFolder(Full(input));
        else if (input.AsSpan().IndexOfAny("*?") >= 0 && !File.Exists(input))
            AddGlob(input);
        else if (new FileInfo(input) is { Exists: true } or { LinkTarget: not null })
            _found.Add((Slashes(Path.GetDirectoryName(Path.GetFullPath(input))!), Path.GetFileName(input)));
        else
            throw new UserException($"{input} does not exist.");
    }

    private void AddFolder(string root)
    {
        // A folder that may not be read is an error: its pictures would be missing without a word.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false };
        var files = new FileSystemEnumerable<string>(root, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) => IsInput(entry.ToFullPath(), entry.Attributes),
        };
        foreach (var path in files.Order(StringComparer.Ordinal))
            if (IsOutput(path))
                continue;
            else if (ImageDecoder.HasEnding(path))
                _found.Add((root, Relative(root, path)));
            else
                OtherFiles++;
    }

    private bool IsInput(string folder, FileAttributes attributes)
    {
        // A link to a folder may lead back above itself; results, exports and reports hold masks and overlays, of whichever run.
        var reason = attributes.HasFlag(FileAttributes.ReparsePoint) ? "a link to a folder; give what it leads to as an input of its own"
            : FolderMarkers.Find(folder) is { Command: not "benchmark" } marker ? $"it holds {marker.Describe()}" : null;
        if (reason is not null && !IsOutput(folder + "/"))
            _passedOver.Add($"{folder} ({reason})");
        return reason is null;
    }

    private void AddGlob(string pattern)
    {
        if (pattern.Contains('?', StringComparison.Ordinal))
            throw new UserException($"{pattern} does not exist, and '?' is no wildcard here. Write '*' for any characters of a name, and '**' for any folders.");
        // The folders before the first wildcard are where the search starts; what follows is matched and kept as the name.
        var full = Full(pattern);
        var fixedPart = full[..full.IndexOf('*', StringComparison.Ordinal)];
        var root = fixedPart[..(fixedPart.LastIndexOf('/') + 1)];
        if (!Directory.Exists(root))
            throw new UserException($"{pattern}: the folder {root} does not exist.");
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(full[root.Length..]);
        foreach (var path in matcher.GetResultsInFullPath(root).Order(StringComparer.Ordinal))
            if (!IsOutput(path) && ImageDecoder.HasEnding(path))
                _found.Add((root.TrimEnd('/'), Relative(root, path)));
    }

    /// <summary>
    /// A picture is called by its path below its input; where several inputs have one of that name, by the input's folder and that path, and
    /// where even those are alike, by its whole path.
    /// </summary>
    private IEnumerable<PictureReference> Name()
    {
        var found = _found.DistinctBy(item => Path.Combine(item.Root, item.Name), StringComparer.Ordinal).ToArray();
        var names = found.CountBy(item => item.Name).ToDictionary();
        var longer = found.Where(item => names[item.Name] > 1).CountBy(LongerName).ToDictionary();
        foreach (var item in found)
        {
            var info = new FileInfo(Path.Combine(item.Root, item.Name));
            yield return info.Exists
                ? new PictureReference(NameOf(item), new FileBlobStore(item.Root), item.Name, info.Length, info.LastWriteTimeUtc)
                : new PictureReference(NameOf(item), new FileBlobStore(item.Root), item.Name);
        }

        string NameOf((string Root, string Name) item)
        {
            if (names[item.Name] == 1)
                return item.Name;
            var candidate = LongerName(item);
            return longer[candidate] == 1 && !names.ContainsKey(candidate) ? candidate : Slashes(Path.Combine(item.Root, item.Name))[(Path.GetPathRoot(item.Root)?.Length ?? 0)..];
        }
    }

    private static string LongerName((string Root, string Name) item) => $"{Path.GetFileName(item.Root.TrimEnd('/'))}/{item.Name}".TrimStart('/');

    private bool IsOutput(string path) => _output is not null && Slashes(path).StartsWith(_output.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string Relative(string root, string path) => Slashes(Path.GetRelativePath(root, path));

    private static string Full(string path) => Slashes(Path.GetFullPath(path));

    /// <summary>A path with '/' between its parts, on every system: as names of pictures have it, and Windows takes it as well.</summary>
    private static string Slashes(string path) => path.Replace(Path.DirectorySeparatorChar, '/');
}
