using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sclip.Segmentation;

/// <summary>
/// Keeps label embeddings on disk, in a file named by a hash of model, names, classes and templates: the dimension, the values, and a
/// SHA-256 of both. A file that is torn or foreign is computed anew; a folder that cannot be written costs the cache, not the job.
/// </summary>
internal static class LabelEmbeddingCache
{
    public static LabelEmbeddings GetOrCompute(
        string? directory, string modelFingerprint, LabelSet labels, PromptTemplates templates, Func<LabelEmbeddings> compute)
    {
        if (directory is null)
            return compute();
        var path = Path.Combine(directory, $"{Key(modelFingerprint, labels, templates)}.embeddings");
        if (TryRead(path, labels) is { } known)
            return known;
        var computed = compute();
        TryWrite(path, computed);
        return computed;
    }

    private static string Key(string modelFingerprint, LabelSet labels, PromptTemplates templates)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Every text behind its length, every list behind its count: no two inputs look alike.
        void Number(int value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            hash.AppendData(bytes);
        }
        void Texts(IReadOnlyCollection<string> texts)
        {
            Number(texts.Count);
            foreach (var text in texts)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                Number(bytes.Length);
                hash.AppendData(bytes);
            }
        }
        Texts([modelFingerprint]);
        Number(labels.Classes.Count);
        foreach (var item in labels.Classes)
            Texts([.. item.AllNames]);
        Texts([.. templates.Items]);
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
        var length = file.Length - SHA256.HashSizeInBytes;
        if (length < sizeof(int) || !SHA256.HashData(file.AsSpan(0, length)).AsSpan().SequenceEqual(file.AsSpan(length)))
            return null;
        var dimension = BinaryPrimitives.ReadInt32LittleEndian(file);
        var values = MemoryMarshal.Cast<byte, float>(file.AsSpan(sizeof(int), length - sizeof(int))).ToArray();
        return values.Length == (long)dimension * labels.Classes.Sum(item => 1 + item.Synonyms.Count) ? LabelEmbedder.Describe(labels, values, dimension) : null;
    }

    private static void TryWrite(string path, LabelEmbeddings embeddings)
    {
        var content = new byte[sizeof(int) + embeddings.Values.Length * sizeof(float)];
        BinaryPrimitives.WriteInt32LittleEndian(content, embeddings.Dimension);
        MemoryMarshal.AsBytes(embeddings.Values.AsSpan()).CopyTo(content.AsSpan(sizeof(int)));
        var part = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(part, [.. content, .. SHA256.HashData(content)]);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            try
            {
                File.Delete(part);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // Nothing was written that could be deleted.
            }
        }
    }
}
