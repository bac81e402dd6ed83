using System.IO.MemoryMappedFiles;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>
/// The named tensors of a file that torch.save or torch.jit.save wrote: a zip with a pickle, NAME/data.pkl, that says which tensors there are, and their
/// values in entries of their own, NAME/data/KEY. Since nobody vouches for the file, all of it is held to its length before it is used.
/// </summary>
internal sealed class PyTorchCheckpoint : IDisposable
{
    private const int LargestPickle = 4 << 20, LongestByteOrder = 16;
    private const string PickleName = "data.pkl";

    // A pickle of protocol 2 that begins with a long number, PyTorch's magic one.
    private static readonly byte[] OldMagic = [0x80, 2, 0x8a, 10];

    private readonly FileStream _stream;
    private readonly string _path;
    private readonly MemoryMappedFile _file;

    private PyTorchCheckpoint(FileStream stream, string path)
    {
        (_stream, _path, Length) = (stream, path, stream.Length);
        RefuseOtherFormats();
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            Tensors = ReadTensors();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file's bytes.</summary>
    public long Length { get; }

    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>Whether it is an archive of TorchScript: a program with its weights.</summary>
    public bool IsScript { get; private set; }

    /// <exception cref="ModelFormatException">It is none, or holds something else than weights.</exception>
    public static PyTorchCheckpoint Open(string path)
    {
        LfsPointer.Refuse(path);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return new PyTorchCheckpoint(stream, path);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new ModelFormatException($"{path} cannot be read: {error.Message}", error);
            throw;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _stream.Dispose();
    }

    private void RefuseOtherFormats()
    {
        Span<byte> head = stackalloc byte[4];
        var length = _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (head.StartsWith("PK\x03\x04"u8))
            return;
        throw new ModelFormatException(head[..length].SequenceEqual(OldMagic)
            ? $"{_path} is a checkpoint in PyTorch's format before 1.6, which is not read; save it again with a later PyTorch: torch.save(torch.load(FILE, weights_only=True), FILE)."
            : $"{_path} is no PyTorch checkpoint: it is no zip, as torch.save writes.");
    }

    private List<CheckpointTensor> ReadTensors()
    {
        var entries = StoredZip.Read(_stream.SafeFileHandle, _path);
        var roots = entries.Keys.Where(name => name.IndexOf('/') is > 0 and var slash && name.AsSpan(slash + 1).SequenceEqual(PickleName)).ToArray();
        if (roots is not [var pickle])
            throw new ModelFormatException($"{_path} is no PyTorch checkpoint: it is a zip {(roots.Length == 0 ? $"without {PickleName}" : $"with {roots.Length} {PickleName}")}.");
        var root = pickle[..^PickleName.Length];
        var code = $"{root}code/";
        IsScript = entries.Keys.Any(name => name == $"{root}constants.pkl" || name.StartsWith(code, StringComparison.Ordinal));
        // Of an archive of TorchScript the program is not read, only the modules' attributes.
        if (entries.FirstOrDefault(entry => entry.Value.Compressed && !entry.Key.StartsWith(code, StringComparison.Ordinal)).Key is { } compressed)
            throw new ModelFormatException($"{_path}: {compressed.Shown()} is compressed, as PyTorch does not write checkpoints; save it again with torch.save.");
        if (entries.TryGetValue($"{root}byteorder", out var order) && !ReadBytes(order, LongestByteOrder).SequenceEqual("little"u8))
            throw new ModelFormatException($"{_path} holds its values in another byte order than little-endian, which is not read. Save it again on a little-endian machine.");
        if (entries[pickle].Length > LargestPickle)
            throw new ModelFormatException($"{_path}: {pickle.Shown()} has {entries[pickle].Length} bytes; that of a checkpoint of weights has at most {LargestPickle}.");
        var value = new PickleReader(ReadBytes(entries[pickle], LargestPickle), _path, IsScript).Read();
        return StateDictionary.Find(value, _path).Select(item => entries.TryGetValue($"{root}data/{item.Tensor.Storage.Key}", out var entry)
            ? new CheckpointTensor(_path, _file, item.Name, item.Tensor, entry)
            : throw new ModelFormatException($"{_path}: the values of {item.Name.Shown()} are missing; the file is damaged: download it again.")).ToList();
    }

    private byte[] ReadBytes(ZipEntry entry, int most)
    {
        var bytes = new byte[Math.Min(entry.Length, most)];
        _stream.Position = entry.Offset;
        _stream.ReadExactly(bytes);
        return bytes;
    }
}
