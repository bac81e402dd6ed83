using System.Buffers.Binary;
using System.Text;

namespace Sclip.Testing;

/// <summary>The files of a small model as a hub has them.</summary>
public static class FakeModel
{
    public const string Weights = "model.safetensors", Index = "model.safetensors.index.json", Checkpoint = "pytorch_model.bin";

    /// <summary>The demo model.</summary>
    public static Dictionary<string, byte[]> DemoFiles() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "models", "demo", "model")).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    public static Dictionary<string, byte[]> Files() => new(Small())
    {
        [Weights] = SafeTensors("weight", 3 << 20),
        ["README.md"] = "not needed"u8.ToArray(),
    };

    /// <summary>A model as version 5 of transformers saves it.</summary>
    public static Dictionary<string, byte[]> Transformers5Files() => new(Transformers5.Files(Golden.ModelDirectory(Golden.Models.First()))) { [Weights] = SafeTensors("weight", 3 << 20) };

    public static Dictionary<string, byte[]> ShardedFiles() => new(Small())
    {
        [Index] = """{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}"""u8.ToArray(),
        ["model-00001-of-00002.safetensors"] = SafeTensors("a", 1000),
        ["model-00002-of-00002.safetensors"] = SafeTensors("b", 500),
    };

    /// <summary>A model whose weights are PyTorch's alone.</summary>
    public static Dictionary<string, byte[]> CheckpointFiles() => new(Small()) { [Checkpoint] = FakeCheckpoint.Of("plain.bin") };

    public static Dictionary<string, byte[]> ShardedCheckpointFiles() => new(Small())
    {
        [$"{Checkpoint}.index.json"] = """{"weight_map": {"logit_scale": "pytorch_model-00001-of-00002.bin", "visual_projection.weight": "pytorch_model-00002-of-00002.bin"}}"""u8.ToArray(),
        ["pytorch_model-00001-of-00002.bin"] = FakeCheckpoint.Of("shard-1.bin"),
        ["pytorch_model-00002-of-00002.bin"] = FakeCheckpoint.Of("shard-2.bin"),
    };

    public static byte[] SafeTensors(string name, int halves)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"{{name}}": {"dtype": "F16", "shape": [{{halves}}], "data_offsets": [0, {{2 * halves}}]} }""");
        var file = new byte[8 + header.Length + 2 * halves];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        new Random(halves).NextBytes(file.AsSpan(8 + header.Length));
        return file;
    }

    public static Dictionary<string, byte[]> Small() =>
        ((string[])["config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "tokenizer_config.json"])
            .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(Golden.ModelDirectory(Golden.Models.First()), name)));
}
