using System.Globalization;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;

namespace Sclip.Segmentation;

/// <summary>
/// The named tensors of a safetensors file or of a sharded set of them. The files are memory-mapped, one tensor at a time, so that
/// pages of tensors that have been taken over do not stay resident.
/// </summary>
internal sealed partial class SafeTensors : IDisposable
{
    /// <summary>What a file says of itself, and by which key it says that it was converted here.</summary>
    public const string Metadata = "__metadata__", ConverterKey = "converted_by";

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
