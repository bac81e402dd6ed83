using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Segmentation.Systems.Tcl;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>
/// A checkpoint of TCL, which its authors publish without a configuration, and what its shapes tell of its architecture. What they do not tell is as in the published
/// one: heads of width 64, the refinement's steps and dilations.
/// </summary>
public sealed class TclWeights
{
    private const string Clip = "clip_image_encoder.clip_visual", Text = "clip_text_encoder", Decoder = "masker.image_encoder.decoder";

    private readonly CheckpointShapes _shapes;

    private TclWeights(CheckpointShapes shapes) => _shapes = shapes;

    /// <summary>Reads the names and shapes of a checkpoint; null where the names are others.</summary>
    /// <exception cref="ModelFormatException">It is none, or holds something else than weights.</exception>
    public static TclWeights? Read(string path)
    {
        using var checkpoint = PyTorchCheckpoint.Open(path);
        var shapes = checkpoint.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        return shapes.ContainsKey($"{Clip}.conv1.weight") ? new(new(path, shapes)) : null;
    }

    /// <summary>Whether a directory has a configuration of this form.</summary>
    public static bool AreDescribedIn(string directory) => ModelDirectory.IsOfOwnForm(directory);

    /// <summary>The small files of a model of these weights, by their names: config.json, and preprocessor_config.json with ImageNet's mean and deviation.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or the shapes do not tell enough.</exception>
    public IReadOnlyList<(string Name, string Content)> SmallFiles() => [(TclConfig.FileName, Json(Config())), ("preprocessor_config.json", Json(Preprocessor()))];

    private static string Json(JsonObject value) => value.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonObject Preprocessor() => new()
    {
        ["do_rescale"] = true,
        ["do_normalize"] = true,
        ["image_mean"] = new JsonArray(0.485, 0.456, 0.406),
        ["image_std"] = new JsonArray(0.229, 0.224, 0.225),
    };

    private JsonObject Config()
    {
        var (patches, words, blocks) = (_shapes.Of($"{Clip}.conv1.weight", 4), _shapes.Of($"{Text}.token_embedding.weight", 2), $"{Clip}.transformer.resblocks.");
        var trained = _shapes.Numbers("masker.image_encoder.backbone.transformer.resblocks.");
        return new()
        {
            ["format"] = TclConfig.Name,
            ["embed_dim"] = _shapes.Of("clip_image_encoder.clip_proj.proj", 2)[1],
            ["image_size"] = (long)CheckpointShapes.Grid(_shapes.Of($"{Clip}.positional_embedding", 2)[0]) * patches[3],
            ["patch_size"] = patches[3],
            ["width"] = patches[0],
            ["heads"] = _shapes.Heads(patches[0], TclConfig.FileName),
            ["layers"] = _shapes.Numbers(blocks).Count,
            ["text_width"] = words[1],
            ["text_heads"] = _shapes.Heads(words[1], TclConfig.FileName),
            ["text_layers"] = _shapes.Numbers($"{Text}.transformer.resblocks.").Count,
            ["context_length"] = _shapes.Of($"{Text}.positional_embedding", 2)[0],
            ["vocab_size"] = words[0],
            ["ie_freeze"] = trained.Count > 0 ? trained[0] : throw new ModelFormatException($"{_shapes.Path}: the trained copy of CLIP's last block is missing (masker.image_encoder.backbone)."),
            ["ie_ignore_last_attn"] = true,
            ["decoder"] = new JsonObject
            {
                ["type"] = "GDecoder",
                ["double"] = true,
                ["n_layers"] = _shapes.Numbers($"{Decoder}.decoder.net.").Count,
                ["kernel_size"] = 3,
                ["act"] = "gelu",
                ["norm"] = "ln",
            },
            ["pamr"] = new JsonObject { ["steps"] = 10, ["dilations"] = new JsonArray(1, 2, 4, 8, 12, 24) },
        };
    }
}
