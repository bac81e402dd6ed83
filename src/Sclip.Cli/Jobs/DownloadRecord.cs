using System.Globalization;
using Sclip.Contracts;
using Sclip.Storage;

namespace Sclip.Cli.Jobs;

/// <summary>
/// The record of the blobs that were brought into a folder, <c>sclip-brought.tsv</c>: size, tag and name of each, a line a blob, the last line
/// of a name counts. By it, what was written anew in the store since is told from what is the same. Names are held as digests, so that
/// millions take little memory.
/// </summary>
internal sealed class DownloadRecord : IDisposable
{
    private readonly string _folder;
    private readonly Dictionary<UInt128, UInt128> _versions = [];
    private readonly HashSet<UInt128> _fresh = [];
    private readonly Lock _lock = new();
    private readonly StreamWriter _lines;

    /// <summary>Reads the record of a folder, and goes on with it.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public DownloadRecord(string folder)
    {
        _folder = folder;
        var path = PathIn(folder);
        if (File.Exists(path))
            foreach (var line in File.ReadLines(path))
                // A line that was torn when the power went names no blob as it is.
                if (line.Split('\t') is [var bytes, var tag, var name])
                    _versions[NameDigest.Of(name)] = NameDigest.Of($"{bytes}\t{tag}");
        _lines = new StreamWriter(path, append: true);
        // Behind a torn line.
        if (_versions.Count > 0)
            _lines.WriteLine();
    }

    /// <summary>Forgets what was brought into a folder.</summary>
    public static void Forget(string folder) => File.Delete(PathIn(folder));

    /// <summary>Compares what was brought with what is in the store now, and with the files: by size and tag, and by size.</summary>
    /// <exception cref="BlobStoreException">The store cannot be listed.</exception>
    public async Task CompareAsync(IBlobStore source, IEnumerable<string> prefixes, CancellationToken cancellationToken)
    {
        if (_versions.Count == 0)
            return;
        foreach (var prefix in prefixes)
            await foreach (var blob in source.ListAsync(prefix, after: null, cancellationToken))
            {
                var name = NameDigest.Of(blob.Name);
                if (_versions.TryGetValue(name, out var version) && version == Version(blob.Bytes, blob.ETag) && new FileInfo(Path.Combine(_folder, blob.Name)) is { Exists: true } file && file.Length == blob.Bytes)
                    _fresh.Add(name);
            }
    }

    /// <summary>Whether a blob is here as it is in the store.</summary>
    public bool IsFresh(string name) => _fresh.Contains(NameDigest.Of(name));

    /// <summary>Notes a blob that is here now.</summary>
    public void Add(string name, BlobContent content)
    {
        lock (_lock)
            _lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{content.Bytes.Length}\t{content.ETag}\t{name}"));
    }

    /// <summary>Writes down what was noted.</summary>
    public void Flush()
    {
        lock (_lock)
            _lines.Flush();
    }

    public void Dispose() => _lines.Dispose();

    private static string PathIn(string folder) => Path.Combine(folder, "sclip-brought.tsv");

    private static UInt128 Version(long bytes, string tag) => NameDigest.Of(string.Create(CultureInfo.InvariantCulture, $"{bytes}\t{tag}"));
}
