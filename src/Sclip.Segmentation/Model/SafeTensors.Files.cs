using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using Sclip.Segmentation.Checkpoints;
using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation;

/// <summary>How files are opened, and what of their headers is checked before a tensor is read.</summary>
internal sealed partial class SafeTensors
{
    private const long LargestHeader = 100_000_000;

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
}
