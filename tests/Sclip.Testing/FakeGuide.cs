using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sclip.Testing;

/// <summary>A small guide of random weights, in Hugging Face layout.</summary>
/// <param name="type">Its model_type.</param>
/// <param name="settings">Further keys of config.json.</param>
/// <param name="seed">Other weights by another.</param>
public sealed class FakeGuide(string type, JsonObject? settings = null, int seed = 1)
{
    public const int Width = 8, Heads = 2, Layers = 2, Hidden = 32, Patch = 4, Side = 12, Registers = 3;

    private readonly Random _random = new(seed);

    /// <summary>Its weights by their names.</summary>
    public SortedDictionary<string, (int[] Shape, float[] Values)> Tensors { get; } = new(StringComparer.Ordinal);

    public bool IsVit => type == "vit";

    /// <summary>Whether its MLP is a SwiGLU.</summary>
    public bool IsSwiGlu => settings?["use_swiglu_ffn"]?.GetValue<bool>() ?? false;

    /// <summary>Its registers.</summary>
    public int RegisterCount => type == "dinov2_with_registers" ? Registers : 0;

    /// <summary>Width of the hidden layer: of a SwiGLU two thirds, in steps of 8.</summary>
    public int HiddenWidth => IsSwiGlu ? 24 : Hidden;

    /// <summary>Makes the weights.</summary>
    public FakeGuide Fill()
    {
        Add("embeddings.cls_token", 1, 1, Width);
        Add("embeddings.position_embeddings", 1, 1 + Side / Patch * (Side / Patch), Width);
        Add("embeddings.patch_embeddings.projection.weight", Width, 3, Patch, Patch);
        Add("embeddings.patch_embeddings.projection.bias", Width);
        if (RegisterCount > 0)
            Add("embeddings.register_tokens", 1, RegisterCount, Width);
        for (var layer = 0; layer < Layers; layer++)
            AddLayer($"encoder.layer.{layer}");
        Add("layernorm.weight", Width);
        Add("layernorm.bias", Width);
        return this;
    }

    /// <summary>Writes it into a folder.</summary>
    public void WriteTo(string folder)
    {
        var config = new JsonObject
        {
            ["model_type"] = type,
            ["hidden_size"] = Width,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["image_size"] = Side,
            ["patch_size"] = Patch,
            ["hidden_act"] = "gelu",
            ["layer_norm_eps"] = 1e-6,
        };
        config[IsVit ? "intermediate_size" : "mlp_ratio"] = IsVit ? Hidden : Hidden / Width;
        if (RegisterCount > 0)
            config["num_register_tokens"] = RegisterCount;
        foreach (var (key, value) in settings ?? [])
            config[key] = value?.DeepClone();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        using var file = File.Create(Path.Combine(folder, "model.safetensors"));
        var (header, end) = (new JsonObject(), 0L);
        foreach (var (name, (shape, values)) in Tensors)
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(axis => JsonValue.Create(axis))]),
                ["data_offsets"] = new JsonArray(end, end += values.Length * sizeof(float)),
            };
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        foreach (var (_, (_, values)) in Tensors)
            file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private void AddLayer(string prefix)
    {
        foreach (var part in (string[])["query", "key", "value"])
            AddLinear($"{prefix}.attention.attention.{part}", Width, Width, settings?["qkv_bias"]?.ToJsonString() != "false");
        AddLinear($"{prefix}.attention.output.dense", Width, Width);
        foreach (var norm in IsVit ? (string[])["layernorm_before", "layernorm_after"] : ["norm1", "norm2"])
        {
            Add($"{prefix}.{norm}.weight", Width);
            Add($"{prefix}.{norm}.bias", Width);
        }
        var (first, second) = IsVit ? ("intermediate.dense", "output.dense") : IsSwiGlu ? ("mlp.weights_in", "mlp.weights_out") : ("mlp.fc1", "mlp.fc2");
        AddLinear($"{prefix}.{first}", IsSwiGlu ? 2 * HiddenWidth : HiddenWidth, Width);
        AddLinear($"{prefix}.{second}", Width, HiddenWidth);
        if (IsVit)
            return;
        Add($"{prefix}.layer_scale1.lambda1", Width);
        Add($"{prefix}.layer_scale2.lambda1", Width);
    }

    private void AddLinear(string name, int outputs, int inputs, bool hasBias = true)
    {
        Add($"{name}.weight", outputs, inputs);
        if (hasBias)
            Add($"{name}.bias", outputs);
    }

    private void Add(string name, params int[] shape) =>
        Tensors.Add(name, (shape, [.. Enumerable.Range(0, shape.Aggregate(1, (product, axis) => product * axis)).Select(_ => _random.NextSingle() - 0.5f)]));
}
