using System.IO.Compression;
using System.Text;
using Sclip.Formats;

namespace Sclip.Dispatcher.Downloads;

/// <summary>The zip file of a download, written as a stream. One that is not written to its end is no zip file: its table comes last.</summary>
internal sealed class ResultArchive
{
    /// <summary>What says what the download is, and what is not in it.</summary>
    public const string NoteName = "sclip-download.txt";

    private readonly ZipArchive _zip;

    private ResultArchive(ZipArchive zip) => _zip = zip;

    /// <summary>Writes an archive to a stream.</summary>
    public static async Task WriteAsync(Stream output, Func<ResultArchive, Task> fill, CancellationToken cancellationToken)
    {
        await using var gathered = new GatheredStream(output);
        var zip = await ZipArchive.CreateAsync(gathered, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await fill(new ResultArchive(zip));
        // Only of what is whole: disposed of after a failure, it would pass for a whole one.
        await zip.DisposeAsync();
        await gathered.FlushAsync(cancellationToken);
    }

    /// <summary>Adds a file.</summary>
    public async Task AddAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var entry = await OpenAsync(name, cancellationToken);
        await entry.WriteAsync(content, cancellationToken);
    }

    /// <summary>Adds a file of this machine.</summary>
    public async Task AddAsync(string name, string path, CancellationToken cancellationToken)
    {
        await using var entry = await OpenAsync(name, cancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await file.CopyToAsync(entry, cancellationToken);
    }

    /// <summary>Adds <c>results.jsonl</c>.</summary>
    public async Task AddResultsAsync(IAsyncEnumerable<ExportItem?> items, CancellationToken cancellationToken)
    {
        await using var entry = await OpenAsync("results.jsonl", cancellationToken);
        await foreach (var item in items.OfType<ExportItem>().WithCancellation(cancellationToken))
            await entry.WriteAsync(Encoding.UTF8.GetBytes(item.Counting.ToLine() + "\n"), cancellationToken);
    }

    /// <summary>Adds the note.</summary>
    public Task AddNoteAsync(IEnumerable<string> lines, CancellationToken cancellationToken) => AddAsync(NoteName, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), cancellationToken);

    private Task<Stream> OpenAsync(string name, CancellationToken cancellationToken)
    {
        // Pictures are compressed already.
        var isSmall = Path.GetExtension(name) is ".png" or ".jpg" or ".jpeg" or ".parquet";
        return _zip.CreateEntry(name, isSmall ? CompressionLevel.NoCompression : CompressionLevel.Fastest).OpenAsync(cancellationToken);
    }
}
