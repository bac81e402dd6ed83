using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Sclip.Formats.Writing;

/// <summary>
/// A part of a data set of Hugging Face in Parquet: <c>data/PART-00000-of-0000N.parquet</c>, as many as it takes. Rows are written a group at a time, so that
/// memory does not grow with them; files have their names once it is known how many they are.
/// </summary>
internal sealed class ParquetShards(ExportFolder folder, string part, string image, string label, ParquetShards.Limits limits) : IAsyncDisposable
{
    private readonly ParquetSchema _schema = new(ColumnOf(image), ColumnOf(label));
    private readonly Dictionary<string, string> _metadata = new() { ["huggingface"] = $$$"""{"info": {"features": {"{{{image}}}": {"_type": "Image"}, "{{{label}}}": {"_type": "Image"} } } }""" };
    private readonly List<ParquetRow> _rows = [];
    private long _rowBytes;
    private int _shards;
    private FileStream? _file;
    private ParquetWriter? _writer;

    /// <summary>Adds a row.</summary>
    public async Task AddAsync(ParquetRow row, CancellationToken cancellationToken)
    {
        _rows.Add(row);
        _rowBytes += row.Bytes;
        if (_rows.Count >= limits.GroupRows || _rowBytes >= limits.GroupBytes)
            await WriteGroupAsync(cancellationToken);
    }

    /// <summary>Writes what is left, and names the files.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count > 0)
            await WriteGroupAsync(cancellationToken);
        // A part without pictures is a file without rows, which says its columns all the same.
        if (_shards == 0)
            await OpenAsync(cancellationToken);
        await CloseAsync();
        for (var shard = 0; shard < _shards; shard++)
            folder.Rename(Unnamed(shard), string.Create(CultureInfo.InvariantCulture, $"data/{part}-{shard:00000}-of-{_shards:00000}.parquet"));
    }

    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task WriteGroupAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
            await OpenAsync(cancellationToken);
        using (var group = _writer!.CreateRowGroup())
        {
            await group.WriteAsync(_schema.DataFields[0], _rows.ConvertAll(row => row.Image!));
            await group.WriteAsync(_schema.DataFields[1], _rows.ConvertAll(row => row.ImagePath));
            await group.WriteAsync(_schema.DataFields[2], _rows.ConvertAll(row => row.Label));
            await group.WriteAsync(_schema.DataFields[3], _rows.ConvertAll(row => row.LabelPath));
            group.CompleteValidate();
        }
        _rows.Clear();
        _rowBytes = 0;
        if (_file!.Position >= limits.FileBytes)
            await CloseAsync();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _file = folder.Create(Unnamed(_shards++));
        // Pictures and masks are compressed already, and no two are the same.
        _writer = await ParquetWriter.CreateAsync(_schema, _file, new ParquetOptions { CompressionMethod = CompressionMethod.None, DictionaryEncodingThreshold = 0 }, cancellationToken: cancellationToken);
        _writer.CustomMetadata = _metadata;
    }

    private async Task CloseAsync()
    {
        if (_writer is { } writer)
            await writer.DisposeAsync();
        if (_file is { } file)
            await file.DisposeAsync();
        (_writer, _file) = (null, null);
    }

    private string Unnamed(int shard) => string.Create(CultureInfo.InvariantCulture, $"data/{part}-{shard:00000}.part");

    /// <summary>A picture as Hugging Face keeps it: the bytes of its file, and its name.</summary>
    private static StructField ColumnOf(string name) => new(name, new DataField("bytes", typeof(byte[]), isNullable: true), new DataField("path", typeof(string), isNullable: true));

    /// <summary>When a group of rows is written, and when a file is full.</summary>
    /// <param name="GroupRows">Rows of a group.</param>
    /// <param name="GroupBytes">Bytes of a group.</param>
    /// <param name="FileBytes">Bytes of a file.</param>
    internal sealed record Limits(int GroupRows, long GroupBytes, long FileBytes)
    {
        public static Limits Default { get; } = new(100, 32L << 20, 480L << 20);
    }
}
