using System.IO.MemoryMappedFiles;
using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation;

/// <summary>Tensors that are asked for by other names than their file's.</summary>
internal sealed partial class SafeTensors
{
    /// <summary>Puts views in the place of the file's tensors, all of which must be of use to one.</summary>
    /// <param name="views">What is asked for.</param>
    /// <param name="unused">Tensors that may be there though nothing asks for them.</param>
    /// <param name="config">The file that says which tensors there are.</param>
    /// <param name="model">What a model of them is called.</param>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape, or unknown.</exception>
    public void Rename(IEnumerable<TensorView> views, string[] unused, string config, string model = "a CLIP ViT")
    {
        var (stored, used) = (new Dictionary<string, Entry>(_entries), new HashSet<string>(unused, StringComparer.Ordinal));
        _entries.Clear();
        foreach (var view in views)
        {
            _entries.Add(view.Name, View(stored, view, config));
            used.Add(view.Stored);
        }
        if (stored.Keys.Except(used).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw new ModelFormatException($"{stored[unknown].Path}: {unknown} is no tensor of {model} as {config} describes it; the model is of another architecture.");
    }

    private Entry View(Dictionary<string, Entry> stored, TensorView view, string config)
    {
        if (!stored.TryGetValue(view.Stored, out var entry))
            throw new ModelFormatException($"{Path}: tensor {view.Stored} is missing, which {config} asks for.");
        if (!entry.Shape.AsSpan().SequenceEqual(view.StoredShape))
            throw new ModelFormatException($"{entry.Path}: {view.Stored} has shape [{string.Join(", ", entry.Shape)}]; {config} asks for [{string.Join(", ", view.StoredShape)}].");
        var count = view.Shape.Aggregate(1L, (product, axis) => product * axis);
        var bytes = count * SafeTensorHeader.BytesOf(entry.Type);
        return entry with { Offset = entry.Offset + view.Part * bytes, Bytes = bytes, Shape = view.Shape, Count = count, Transposed = view.Transposed };
    }

    private static StoredRows Open(Entry entry) =>
        new(entry.File, entry.Offset, entry.Bytes, entry.Type, entry.Shape is [.., var columns] ? columns : 1, entry.Path, entry.Stored);

    /// <summary>Reads a whole tensor; a matrix [R, C] may be stored as [C, R].</summary>
    private static unsafe void Read(Entry entry, StoredRows rows, Span<float> values)
    {
        if (!entry.Transposed)
        {
            rows.Read(0, values);
            return;
        }
        var stored = new float[values.Length];
        rows.Read(0, stored);
        fixed (float* from = stored, to = values)
            Transpose.Apply(from, entry.Shape[0], entry.Shape[1], entry.Shape[0], to, entry.Shape[1]);
    }

    /// <summary>The bytes of a matrix [R, C] that is stored as [C, R], as they would be stored otherwise.</summary>
    private static byte[] TransposedBytes(Entry entry)
    {
        var (rows, columns, size) = (entry.Shape[0], entry.Shape[1], SafeTensorHeader.BytesOf(entry.Type));
        var (stored, bytes) = (new byte[entry.Bytes], new byte[entry.Bytes]);
        using (var view = entry.File.CreateViewStream(entry.Offset, entry.Bytes, MemoryMappedFileAccess.Read))
            view.ReadExactly(stored);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                stored.AsSpan((column * rows + row) * size, size).CopyTo(bytes.AsSpan((row * columns + column) * size));
        return bytes;
    }
}
