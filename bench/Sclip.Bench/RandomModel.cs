using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sclip.Bench;

/// <summary>Writes a CLIP of ViT-B/16's sizes with seeded random weights (F16), so that speed can be measured without a checkpoint.</summary>
internal static class RandomModel
{
    private const int Text = 512, Vision = 768, Embedding = 512, Layers = 12, Context = 77;

    public static string Create(string directory, string vocabularyDirectory)
    {
        Directory.CreateDirectory(directory);
        var weights = Path.Combine(directory, "model.safetensors");
        foreach (var file in (string[])["vocab.json", "merges.txt", "preprocessor_config.json"])
            File.Copy(Path.Combine(vocabularyDirectory, file), Path.Combine(directory, file), overwrite: true);
        using var vocabulary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "vocab.json")));
        var tokens = vocabulary.RootElement.EnumerateObject().Count();
        File.WriteAllText(Path.Combine(directory, "config.json"), string.Create(CultureInfo.InvariantCulture, $$"""
            {"model_type": "clip", "projection_dim": {{Embedding}},
             "text_config": {"hidden_size": {{Text}}, "intermediate_size": {{4 * Text}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": 8,
              "vocab_size": {{tokens}}, "max_position_embeddings": {{Context}}, "hidden_act": "quick_gelu"},
             "vision_config": {"hidden_size": {{Vision}}, "intermediate_size": {{4 * Vision}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": 12,
              "image_size": 224, "patch_size": 16, "hidden_act": "quick_gelu"} }
            """));
        if (!File.Exists(weights))
            Write(weights, [.. Tensors(tokens)]);
        return directory;
    }

    private static IEnumerable<(string Name, int[] Shape)> Tensors(int tokens)
    {
        yield return ("logit_scale", []);
        yield return ("visual_projection.weight", [Embedding, Vision]);
        yield return ("text_projection.weight", [Embedding, Text]);
        yield return ("vision_model.embeddings.class_embedding", [Vision]);
        yield return ("vision_model.embeddings.patch_embedding.weight", [Vision, 3, 16, 16]);
        yield return ("vision_model.embeddings.position_embedding.weight", [197, Vision]);
        yield return ("text_model.embeddings.token_embedding.weight", [tokens, Text]);
        yield return ("text_model.embeddings.position_embedding.weight", [Context, Text]);
        foreach (var (name, width) in ((string, int)[])[("vision_model.pre_layrnorm", Vision), ("vision_model.post_layernorm", Vision), ("text_model.final_layer_norm", Text)])
        {
            yield return ($"{name}.weight", [width]);
            yield return ($"{name}.bias", [width]);
        }
        foreach (var (tower, width) in ((string, int)[])[("vision_model", Vision), ("text_model", Text)])
            for (var layer = 0; layer < Layers; layer++)
            {
                var prefix = $"{tower}.encoder.layers.{layer}";
                foreach (var (name, n, k) in ((string, int, int)[])[
                    ("self_attn.q_proj", width, width), ("self_attn.k_proj", width, width), ("self_attn.v_proj", width, width), ("self_attn.out_proj", width, width),
                    ("mlp.fc1", 4 * width, width), ("mlp.fc2", width, 4 * width)])
                {
                    yield return ($"{prefix}.{name}.weight", [n, k]);
                    yield return ($"{prefix}.{name}.bias", [n]);
                }
                foreach (var norm in (string[])["layer_norm1", "layer_norm2"])
                {
                    yield return ($"{prefix}.{norm}.weight", [width]);
                    yield return ($"{prefix}.{norm}.bias", [width]);
                }
            }
    }

    private static void Write(string path, (string Name, int[] Shape)[] tensors)
    {
        var header = new StringBuilder("{");
        var offset = 0L;
        foreach (var (name, shape) in tensors)
        {
            var end = offset + 2 * Count(shape);
            header.Append(CultureInfo.InvariantCulture, $"{(offset == 0 ? "" : ",")}\"{name}\":{{\"dtype\":\"F16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{end}]}}");
            offset = end;
        }
        var json = Encoding.ASCII.GetBytes(header.Append('}').ToString());
        using var file = new BufferedStream(File.Create(path + ".part"), 1 << 20);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        file.Write(prefix);
        file.Write(json);
        var random = new Random(1);
        var value = new byte[2];
        foreach (var (name, shape) in tensors)
        {
            var (centre, spread) = name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? (1.0, 0.1) : (0.0, 0.06);
            for (var i = Count(shape); i > 0; i--)
            {
                BinaryPrimitives.WriteHalfLittleEndian(value, (Half)(centre + spread * (random.NextDouble() - 0.5)));
                file.Write(value);
            }
        }
        file.Dispose();
        File.Move(path + ".part", path, overwrite: true);
    }

    private static long Count(int[] shape) => shape.Aggregate(1L, (product, length) => product * length);
}
