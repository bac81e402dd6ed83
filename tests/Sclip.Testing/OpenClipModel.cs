using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Segmentation;

namespace Sclip.Testing;

/// <summary>A model of Hugging Face's layout, written out as other libraries name and store its tensors.</summary>
public static class OpenClipModel
{
    public const string Config = "open_clip_config.json", Weights = "open_clip_model.safetensors";

    /// <summary>Tensors by their names: shape and values.</summary>
    public sealed class Tensors : Dictionary<string, (int[] Shape, float[] Values)>
    {
        public Tensors()
            : base(StringComparer.Ordinal)
        {
        }
    }

    /// <summary>The files of a directory in OpenCLIP's layout, with the same vocabulary.</summary>
    public static Dictionary<string, byte[]> Files(string directory, string text = "") => new()
    {
        [Config] = Encoding.UTF8.GetBytes(ConfigOf(directory).ToJsonString()),
        [Weights] = SafeTensors(TensorsOf(directory, text)),
        ["vocab.json"] = File.ReadAllBytes(Path.Combine(directory, "vocab.json")),
        ["merges.txt"] = File.ReadAllBytes(Path.Combine(directory, "merges.txt")),
    };

    public static JsonObject ConfigOf(string directory)
    {
        var (hub, pixels) = (Read("config.json"), Read("preprocessor_config.json"));
        var (vision, text) = (hub["vision_config"]!, hub["text_config"]!);
        return new()
        {
            ["model_cfg"] = new JsonObject
            {
                ["embed_dim"] = hub["projection_dim"]!.DeepClone(),
                ["quick_gelu"] = vision["hidden_act"]!.GetValue<string>() == "quick_gelu",
                ["vision_cfg"] = new JsonObject
                {
                    ["image_size"] = vision["image_size"]!.DeepClone(),
                    ["layers"] = vision["num_hidden_layers"]!.DeepClone(),
                    ["width"] = vision["hidden_size"]!.DeepClone(),
                    ["head_width"] = Int(vision, "hidden_size") / Int(vision, "num_attention_heads"),
                    ["mlp_ratio"] = (double)Int(vision, "intermediate_size") / Int(vision, "hidden_size"),
                    ["patch_size"] = vision["patch_size"]!.DeepClone(),
                },
                ["text_cfg"] = new JsonObject
                {
                    ["context_length"] = text["max_position_embeddings"]!.DeepClone(),
                    ["vocab_size"] = text["vocab_size"]!.DeepClone(),
                    ["width"] = text["hidden_size"]!.DeepClone(),
                    ["heads"] = text["num_attention_heads"]!.DeepClone(),
                    ["layers"] = text["num_hidden_layers"]!.DeepClone(),
                    ["mlp_ratio"] = (double)Int(text, "intermediate_size") / Int(text, "hidden_size"),
                },
            },
            ["preprocess_cfg"] = new JsonObject { ["mean"] = pixels["image_mean"]!.DeepClone(), ["std"] = pixels["image_std"]!.DeepClone() },
        };

        JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(directory, file)))!;

        static int Int(JsonNode node, string key) => node[key]!.GetValue<int>();
    }

    /// <summary>The tensors of a model of another kind, under the names of its file, without buffers of whole numbers.</summary>
    public static Tensors TensorsAsStored(string directory)
    {
        using var source = Segmentation.SafeTensors.OpenDirectory(directory);
        var tensors = new Tensors();
        foreach (var name in source.Names.Where(name => Segmentation.SafeTensorHeader.BytesOf(source.TypeOf(name)) > 0))
            tensors[name] = (source.Shape(name), source.Read(name, source.Shape(name)));
        return tensors;
    }

    /// <summary>OpenAI's names, of which OpenCLIP has those of a text tower of its own behind a prefix.</summary>
    public static Tensors TensorsOf(string directory, string text = "")
    {
        using var source = Segmentation.SafeTensors.OpenDirectory(directory);
        var config = ClipConfig.Load(directory);
        var tensors = new Tensors();
        Same("visual.class_embedding", "vision_model.embeddings.class_embedding");
        Same("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight");
        Same("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight");
        Pair("visual.ln_pre", "vision_model.pre_layrnorm");
        Pair("visual.ln_post", "vision_model.post_layernorm");
        Transposed("visual.proj", "visual_projection.weight");
        Same($"{text}token_embedding.weight", "text_model.embeddings.token_embedding.weight");
        Same($"{text}positional_embedding", "text_model.embeddings.position_embedding.weight");
        Pair($"{text}ln_final", "text_model.final_layer_norm");
        Transposed($"{text}text_projection", "text_projection.weight");
        Blocks("visual.transformer.resblocks", "vision_model.encoder.layers", config.Vision.Layers);
        Blocks($"{text}transformer.resblocks", "text_model.encoder.layers", config.Text.Layers);
        tensors["logit_scale"] = ([], [4.6f]);
        return tensors;

        void Blocks(string name, string hub, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Pair($"{name}.{i}.ln_1", $"{hub}.{i}.layer_norm1");
                Pair($"{name}.{i}.ln_2", $"{hub}.{i}.layer_norm2");
                Pair($"{name}.{i}.mlp.c_fc", $"{hub}.{i}.mlp.fc1");
                Pair($"{name}.{i}.mlp.c_proj", $"{hub}.{i}.mlp.fc2");
                Pair($"{name}.{i}.attn.out_proj", $"{hub}.{i}.self_attn.out_proj");
                Joined($"{name}.{i}.attn.in_proj_weight", $"{hub}.{i}.self_attn", "weight");
                Joined($"{name}.{i}.attn.in_proj_bias", $"{hub}.{i}.self_attn", "bias");
            }
        }

        void Pair(string name, string hub)
        {
            Same($"{name}.weight", $"{hub}.weight");
            Same($"{name}.bias", $"{hub}.bias");
        }

        void Same(string name, string hub) => tensors[name] = (source.Shape(hub), source.Read(hub, source.Shape(hub)));

        void Joined(string name, string hub, string part)
        {
            string[] parts = [.. ((string[])["q", "k", "v"]).Select(letter => $"{hub}.{letter}_proj.{part}")];
            var shape = source.Shape(parts[0]);
            tensors[name] = ([3 * shape[0], .. shape[1..]], [.. parts.SelectMany(tensor => source.Read(tensor, shape))]);
        }

        void Transposed(string name, string hub)
        {
            var shape = source.Shape(hub);
            var values = source.Read(hub, shape);
            tensors[name] = ([shape[1], shape[0]], [.. Enumerable.Range(0, values.Length).Select(i => values[i % shape[0] * shape[1] + i / shape[0]])]);
        }
    }

    /// <summary>The vision tower under timm's names, as OpenCLIP has it beside a text tower of its own.</summary>
    public static Tensors TensorsOfTimm(string directory)
    {
        var renamed = new Tensors();
        foreach (var (name, (shape, values)) in TensorsOf(directory, "text."))
        {
            var timm = name.StartsWith("visual.", StringComparison.Ordinal)
                ? name.Replace("visual.", "visual.trunk.", StringComparison.Ordinal).Replace("class_embedding", "cls_token", StringComparison.Ordinal).Replace("positional_embedding", "pos_embed", StringComparison.Ordinal)
                    .Replace("conv1", "patch_embed.proj", StringComparison.Ordinal).Replace("ln_pre", "norm_pre", StringComparison.Ordinal).Replace("ln_post", "norm", StringComparison.Ordinal)
                    .Replace("transformer.resblocks", "blocks", StringComparison.Ordinal).Replace("ln_", "norm", StringComparison.Ordinal).Replace("mlp.c_fc", "mlp.fc1", StringComparison.Ordinal)
                    .Replace("mlp.c_proj", "mlp.fc2", StringComparison.Ordinal).Replace("attn.in_proj_", "attn.qkv.", StringComparison.Ordinal).Replace("attn.out_proj", "attn.proj", StringComparison.Ordinal)
                : name;
            renamed[timm] = timm switch
            {
                "visual.trunk.cls_token" or "visual.trunk.pos_embed" => ([1, .. shape.Length == 1 ? [1] : (int[])[], .. shape], values),
                _ => (shape, values),
            };
        }
        var (stored, projection) = renamed["visual.trunk.proj"];
        renamed.Remove("visual.trunk.proj");
        renamed["visual.head.proj.weight"] = ([stored[1], stored[0]], [.. Enumerable.Range(0, projection.Length).Select(i => projection[i % stored[0] * stored[1] + i / stored[0]])]);
        return renamed;
    }

    public static byte[] SafeTensors(Tensors tensors)
    {
        var (header, data) = (new JsonObject(), new MemoryStream());
        foreach (var (name, (shape, values)) in tensors)
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(axis => (JsonNode)axis)]),
                ["data_offsets"] = new JsonArray(data.Length, data.Length + bytes.Length),
            };
            data.Write(bytes);
        }
        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.ToArray().CopyTo(file, 8 + json.Length);
        return file;
    }
}
