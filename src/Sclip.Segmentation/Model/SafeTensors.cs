using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using Sclip.Segmentation.Checkpoints;
using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation;

/// <summary>
/// The named tensors of a safetensors file or of a sharded set of them. The files are memory-mapped, one tensor at a time, so that
/// pages of tensors that have been taken over do not stay resident.
/// </summary>
internal sealed partial class SafeTensors : IDisposable
{
    /// <summary>What a file says of itself, and by which key it says that it was converted here.</summary>
    public const string Metadata = "__metadata__", ConverterKey = "converted_by";

    private const long LargestHeader = 100_000_000;
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly List<MemoryMappedFile> _files = [];

    private SafeTensors(string path) => Path = path;

    /// <summary>The file, or the index of the shards.</summary>
    public string Path { get; }

    /// <summary>What the tensors should be of, for the error where one is missing.</summary>
    public string Expected { get; set; } = "a CLIP model with vision and text towers";

    /// <summary>Whether a file was converted here from one of PyTorch.</summary>
    public bool IsConverted { get; private set; }

    public IEnumerable<string> Names => _entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>How many blocks there are weights of: tensors of block N begin with <paramref name="prefix"/> and N.</summary>
    public int Blocks(string prefix) => _entries.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => int.TryParse(name[prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var block) ? block + 1 : 0)
        .DefaultIfEmpty(0).Max();

    /// <summary>Opens model.safetensors of a directory, or the shards that model.safetensors.index.json lists, or OpenCLIP's file; names are Hugging Face's.</summary>
    public static SafeTensors OpenDirectory(string directory)
    {
        if (ModelDirectory.IsOpenClip(directory))
            return OpenClipTensors.Open(directory);
        var single = System.IO.Path.Combine(directory, "model.safetensors");
        var index = System.IO.Path.Combine(directory, "model.safetensors.index.json");
        if (File.Exists(index) && !File.Exists(single))
            return Open(index, [.. ShardIndex.Read(index).Select(shard => System.IO.Path.Combine(directory, shard))]);
        return File.Exists(single) || !PyTorchWeights.AreIn(directory)
            ? Open(single, [single])
            : throw new ModelFormatException($"{directory} has no model.safetensors, but weights of PyTorch; convert them: sclip model convert {directory} --out DIR");
    }

    public int[] Shape(string name) => Find(name).Shape;

    /// <summary>Number of a tensor's values.</summary>
    public long Count(string name) => Find(name).Count;

    /// <summary>The type that a tensor is stored in, such as F16.</summary>
    public string TypeOf(string name) => Find(name).Type;

    /// <summary>The first bytes of a tensor as stored, for fingerprints.</summary>
    public byte[] Head(string name, int bytes)
    {
        var entry = Find(name);
        var head = new byte[Math.Min(bytes, entry.Bytes)];
        if (head.Length == 0)
            return head;
        using var view = entry.File.CreateViewStream(entry.Offset, head.Length, MemoryMappedFileAccess.Read);
        view.ReadExactly(head);
        return head;
    }

    /// <summary>Adds a tensor as stored, whole, to a hash.</summary>
    public void Append(string name, NonCryptographicHashAlgorithm hash)
    {
        var entry = Find(name);
        // A view of no bytes would be one of all.
        if (entry.Bytes == 0)
            return;
        if (entry.Transposed)
        {
            hash.Append(TransposedBytes(entry));
            return;
        }
        using var view = entry.File.CreateViewStream(entry.Offset, entry.Bytes, MemoryMappedFileAccess.Read);
        hash.Append(view);
    }

    /// <summary>Reads a whole tensor, after a check of its shape and that every value is finite.</summary>
    public float[] Read(string name, params ReadOnlySpan<int> shape)
    {
        var entry = Find(name, shape);
        using var rows = Open(entry);
        var values = new float[entry.Count];
        Read(entry, rows, values);
        return values;
    }

    /// <summary>The same into memory that is there, and long enough.</summary>
    public void Read(string name, Span<float> values, params ReadOnlySpan<int> shape)
    {
        var entry = Find(name, shape);
        using var rows = Open(entry);
        Read(entry, rows, values[..checked((int)entry.Count)]);
    }

    /// <summary>Opens a tensor for reading row by row, after a check of its shape.</summary>
    public StoredRows OpenRows(string name, params ReadOnlySpan<int> shape)
    {
        var entry = Find(name, shape);
        return entry.Transposed ? throw new InvalidOperationException($"{name} is stored by columns; it is read whole.") : Open(entry);
    }

    /// <summary>Refuses a tensor that is not there, or has another shape.</summary>
    public void Require(string name, params ReadOnlySpan<int> shape) => Find(name, shape);

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    internal static SafeTensors Open(string path, string[] files)
    {
        var tensors = new SafeTensors(path);
        try
        {
            foreach (var file in files)
                tensors.Add(file);
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    private void Add(string path)
    {
        var length = File.Exists(path)
            ? new FileInfo(path).Length
            : throw new ModelFormatException($"{path} is missing; a model or a guide is a directory in the layout of Hugging Face or OpenCLIP.");
        LfsPointer.Refuse(path);
        if (length < 8)
            throw new ModelFormatException($"{path}: {length} bytes are too few for a safetensors file; download it again.");
        MemoryMappedFile file;
        try
        {
            file = MemoryMappedFile.CreateFromFile(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path} cannot be read: {error.Message}", error);
        }
        _files.Add(file);
        var prefix = new byte[8];
        using (var view = file.CreateViewStream(0, 8, MemoryMappedFileAccess.Read))
            view.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > LargestHeader || 8 + (long)headerLength > length)
            throw new ModelFormatException($"{path}: its header claims {headerLength} bytes of a file of {length}; it is truncated or no safetensors file.");
        var header = new byte[headerLength];
        using (var view = file.CreateViewStream(8, (long)headerLength, MemoryMappedFileAccess.Read))
            view.ReadExactly(header);
        AddEntries(path, file, header, 8 + (long)headerLength, length);
    }

    private void AddEntries(string path, MemoryMappedFile file, byte[] header, long start, long length)
    {
        using var document = ModelFiles.ParseJson(header, path, "the header is ");
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: the header is no JSON object.");
        IsConverted |= document.RootElement.TryGetProperty(Metadata, out var metadata) && metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(ConverterKey, out _);
        var ranges = new List<(long Start, long End, string Name)>();
        foreach (var item in document.RootElement.EnumerateObject().Where(item => item.Name != Metadata))
        {
            if (!SafeTensorHeader.TryParse(item.Value, out var type, out var shape, out var begin, out var end))
                throw new ModelFormatException($"{path}: the entry of {item.Name} cannot be read.");
            if (end > length - start)
                throw new ModelFormatException($"{path}: {item.Name} ends at byte {start + end}, behind the file's {length}; it is truncated: download it again.");
            ranges.Add((begin, end, item.Name));
            var count = shape.Aggregate(1L, (product, axis) => product > long.MaxValue / Math.Max(axis, 1) ? long.MaxValue : product * axis);
            if (SafeTensorHeader.BytesOf(type) is var size && size > 0 && (count > (end - begin) / size || count * size != end - begin))
                throw new ModelFormatException($"{path}: {item.Name} of shape [{string.Join(", ", shape)}] and type {type} does not fill its {end - begin} bytes.");
            if (!_entries.TryAdd(item.Name, new Entry(file, path, item.Name, start + begin, end - begin, type, shape, count)))
                throw new ModelFormatException($"{path}: {item.Name} is there twice.");
        }
        ranges.Sort();
        for (var i = 1; i < ranges.Count; i++)
            if (ranges[i].Start < ranges[i - 1].End)
                throw new ModelFormatException($"{path}: {ranges[i - 1].Name} and {ranges[i].Name} overlap.");
    }

    private Entry Find(string name) => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ModelFormatException($"{Path}: tensor {name} is missing; is this {Expected}?");

    private Entry Find(string name, ReadOnlySpan<int> shape) => Find(name) is var entry && shape.SequenceEqual(entry.Shape)
        ? entry
        : throw new ModelFormatException($"{entry.Path}: {entry.Stored} has shape [{string.Join(", ", entry.Shape)}]; the configuration asks for [{string.Join(", ", shape.ToArray())}].");

    /// <param name="File">The file, mapped.</param>
    /// <param name="Path">Its path.</param>
    /// <param name="Stored">What the tensor is called there.</param>
    /// <param name="Offset">Bytes before it.</param>
    /// <param name="Bytes">Its bytes.</param>
    /// <param name="Type">The type of its values.</param>
    /// <param name="Shape">The shape that is asked for.</param>
    /// <param name="Count">Number of its values.</param>
    /// <param name="Transposed">Whether the file has rows for its columns.</param>
    private sealed record Entry(MemoryMappedFile File, string Path, string Stored, long Offset, long Bytes, string Type, int[] Shape, long Count, bool Transposed = false);
}
