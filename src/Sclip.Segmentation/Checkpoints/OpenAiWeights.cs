using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>
/// A checkpoint with OpenAI's names, which are OpenCLIP's, too, and what its shapes tell of its architecture. What they do not tell is as OpenAI's models have it:
/// heads of width 64, QuickGELU, its mean and deviation of pixels.
/// </summary>
public sealed class OpenAiWeights
{
    private const string Vision = "visual.", TimmVision = "visual.trunk.", ResNet = "visual.layer1.", CustomText = "text.";
    // Numbers that OpenAI's archives hold, and that models which are trained elsewhere do not.
    private static readonly string[] Sizes = ["input_resolution", "context_length", "vocab_size"];

    private readonly CheckpointShapes _shapes;

    private OpenAiWeights(CheckpointShapes shapes, bool isScript)
    {
        (_shapes, IsScript) = (shapes, isScript);
        IsCertain = isScript || EvaShapes.Are(shapes) || Sizes.All(shapes.Has);
    }

    /// <summary>Whether it is an archive of TorchScript, as OpenAI published its models.</summary>
    public bool IsScript { get; }

    /// <summary>Whether it is OpenAI's for certain: models that are trained with OpenCLIP have the same names, but not always QuickGELU.</summary>
    public bool IsCertain { get; }

    /// <summary>Reads the names and shapes of a checkpoint; null where the names are others.</summary>
    /// <exception cref="ModelFormatException">It is none, or holds something else than weights.</exception>
    public static OpenAiWeights? Read(string path)
    {
        using var checkpoint = PyTorchCheckpoint.Open(path);
        var shapes = checkpoint.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        return shapes.Keys.Any(name => name.StartsWith(Vision, StringComparison.Ordinal)) ? new(new(path, shapes), checkpoint.IsScript) : null;
    }

    /// <summary>An open_clip_config.json of what the shapes tell.</summary>
    /// <exception cref="ModelFormatException">The model is no ViT, a tensor is missing, or the shapes do not tell enough.</exception>
    public string Config()
    {
        if (EvaShapes.Are(_shapes))
            return EvaShapes.Config(_shapes);
        if (_shapes.FirstBelow(ResNet) is { } resNet)
            throw new ModelFormatException($"{_shapes.Path}: the vision tower is a ResNet ({resNet.Shown()}); ViTs are supported.");
        if (_shapes.FirstBelow(TimmVision) is { } timm)
            throw new ModelFormatException($"{_shapes.Path}: the vision tower is timm's ({timm.Shown()}), whose sizes its shapes do not tell; lay its {OpenClipConfig.FileName} beside it.");
        var text = _shapes.Has($"{CustomText}positional_embedding") ? CustomText : "";
        var (patches, positions) = (Shape("visual.conv1.weight", 4), Shape("visual.positional_embedding", 2)[0]);
        var (vision, words) = (patches[0], Shape($"{text}token_embedding.weight", 2));
        var config = new JsonObject
        {
            ["model_cfg"] = new JsonObject
            {
                ["embed_dim"] = Shape($"{text}text_projection", 2)[1],
                ["quick_gelu"] = true,
                ["vision_cfg"] = new JsonObject
                {
                    ["image_size"] = (long)CheckpointShapes.Grid(positions) * patches[3],
                    ["layers"] = Layers($"{Vision}transformer.resblocks."),
                    ["width"] = vision,
                    ["head_width"] = CheckpointShapes.HeadWidth,
                    ["mlp_ratio"] = Ratio($"{Vision}transformer.resblocks.", vision),
                    ["patch_size"] = patches[3],
                },
                ["text_cfg"] = new JsonObject
                {
                    ["context_length"] = Shape($"{text}positional_embedding", 2)[0],
                    ["vocab_size"] = words[0],
                    ["width"] = words[1],
                    ["heads"] = Heads(words[1]),
                    ["layers"] = Layers($"{text}transformer.resblocks."),
                    ["mlp_ratio"] = Ratio($"{text}transformer.resblocks.", words[1]),
                },
            },
            ["preprocess_cfg"] = new JsonObject { ["mean"] = Numbers(OpenClipPreprocessing.Mean), ["std"] = Numbers(OpenClipPreprocessing.Deviation) },
        };
        Heads(vision);
        return config.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonArray Numbers(double[] values) => [.. values.Select(value => (JsonNode)value)];

    private int[] Shape(string name, int axes) => _shapes.Of(name, axes);

    private int Heads(int width) => _shapes.Heads(width, OpenClipConfig.FileName);

    private int Layers(string blocks) => _shapes.Numbers(blocks).Count;

    private double Ratio(string blocks, int width) => (double)Shape($"{blocks}0.mlp.c_fc.weight", 2)[0] / Math.Max(width, 1);
}
