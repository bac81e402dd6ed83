using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Systems;

/// <summary>A copy of a golden model's directory whose tensors have other names.</summary>
internal sealed class StoredModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <param name="source">The golden model.</param>
    /// <param name="rename">A tensor's new name; null leaves it out.</param>
    /// <param name="additional">Names of empty tensors beside them.</param>
    public StoredModel(string source, Func<string, string?> rename, params string[] additional)
    {
        foreach (var file in System.IO.Directory.GetFiles(source))
            if (Path.GetFileName(file) != "model.safetensors")
                File.WriteAllBytes(Path.Combine(Directory, Path.GetFileName(file)), File.ReadAllBytes(file));
        var bytes = File.ReadAllBytes(Path.Combine(source, "model.safetensors"));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = new JsonObject();
        foreach (var (name, entry) in JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject())
            if (name != "__metadata__" && rename(name) is { } renamed)
                header.Add(renamed, entry!.DeepClone());
        foreach (var name in additional)
            header.Add(name, JsonNode.Parse("""{"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}"""));
        var text = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length);
        File.WriteAllBytes(Path.Combine(Directory, "model.safetensors"), [.. prefix, .. text, .. bytes.AsSpan(8 + length)]);
    }

    public string Directory => _folder.Path;

    /// <summary>Changes a file of text.</summary>
    public void Change(string file, string from, string to)
    {
        var (path, text) = (Path.Combine(Directory, file), File.ReadAllText(Path.Combine(Directory, file)));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
