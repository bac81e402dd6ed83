using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Sclip.Labels;

namespace Sclip.Segmentation;

/// <summary>
/// Label embeddings on disk, one file a key: a hash of the model, the names with their classes, and the templates. A file is a header
/// (magic, names, dimension as int32), the values as little-endian fp32, and the SHA-256 of all before. What is not exactly such a file
/// is computed anew; a cache that cannot be written is none.
/// </summary>
internal static class LabelEmbeddingCache
{
    private const int HeaderLength = 16;
    private static ReadOnlySpan<byte> Magic => "SCLIPLE1"u8;

    /// <summary>Takes embeddings from the cache, or computes them and puts them there.</summary>
    /// <param name="directory">The cache; null keeps none.</param>
    /// <param name="fingerprint">What tells models apart.</param>
    /// <param name="labels">The names.</param>
    /// <param name="templates">The prompts.</param>
    /// <param name="compute">Called where the cache does not hold them.</param>
    public static LabelEmbeddings GetOrCompute(
        string? directory, string fingerprint, LabelSet labels, PromptTemplates templates, Func<LabelEmbeddings> compute)
    {
        if (directory is null)
            return compute();
        var path = Path.Combine(directory, $"{Key(fingerprint, labels, templates)}.labels");
        if (TryRead(path, labels) is { } cached)
            return cached;
        var computed = compute();
        TryWrite(path, computed);
        return computed;
    }

    internal static string Key(string fingerprint, LabelSet labels, PromptTemplates templates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendText(hash, fingerprint);
        AppendNumber(hash, labels.Names.Count);
        for (var name = 0; name < labels.Names.Count; name++)
        {
            AppendText(hash, labels.Names[name]);
            AppendNumber(hash, labels.ClassOfName[name]);
        }
        AppendNumber(hash, templates.Texts.Count);
        foreach (var template in templates.Texts)
            AppendText(hash, template);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static LabelEmbeddings? TryRead(string path, LabelSet labels)
    {
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (file.Length < HeaderLength + SHA256.HashSizeInBytes || !file.AsSpan().StartsWith(Magic))
            return null;
        var names = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        var dimension = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        var content = file.AsSpan(0, file.Length - SHA256.HashSizeInBytes);
        if (names != labels.Names.Count || dimension < 1 || content.Length - HeaderLength != 4L * names * dimension
            || !SHA256.HashData(content).AsSpan().SequenceEqual(file.AsSpan(content.Length)))
            return null;
        var values = MemoryMarshal.Cast<byte, float>(content[HeaderLength..]).ToArray();
        return TensorPrimitives.IsFiniteAll<float>(values) ? LabelEmbeddings.Of(labels, values, dimension) : null;
    }

    private static void TryWrite(string path, LabelEmbeddings embeddings)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(temporary, Serialize(embeddings));
            // A reader, or another process that computes the same, sees the whole file or none.
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
        }
    }

    private static byte[] Serialize(LabelEmbeddings embeddings)
    {
        var values = MemoryMarshal.AsBytes<float>(embeddings.Values);
        var file = new byte[HeaderLength + values.Length + SHA256.HashSizeInBytes];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), embeddings.ClassOfName.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), embeddings.Dimension);
        values.CopyTo(file.AsSpan(HeaderLength));
        SHA256.HashData(file.AsSpan(0, HeaderLength + values.Length), file.AsSpan(HeaderLength + values.Length));
        return file;
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What could not be written may not be deletable either; the job goes on without a cache.
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
