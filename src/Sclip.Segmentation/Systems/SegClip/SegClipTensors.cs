using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Systems.SegClip;

/// <summary>The tensors of SegCLIP: the texts and the parts of blocks under Hugging Face's names, blocks as <c>first.N</c>, <c>cross.N</c> and <c>second.N</c>.</summary>
internal static class SegClipTensors
{
    private const string Clip = "clip.", Visual = $"{Clip}visual.", Blocks = $"{Visual}transformer.", Semantic = $"{Blocks}semantic_layer2";

    // All that is read begins with CLIP's prefix; what training alone has stands beside it but for the first two of these. The class token is split off before the first block.
    private static readonly string[] OfTraining = [$"{Blocks}layers_mae2.", $"{Blocks}reconstruct_layer2.", $"{Visual}class_embedding"];

    /// <summary>Gives the tensors these names.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape than the configuration says, or is unknown.</exception>
    public static void Rename(SafeTensors tensors, ClipConfig config, SegClipConfig system) => tensors.Rename(
        Vision(config, system).Concat(OpenClipTensors.Text(config, Clip)), [.. tensors.Names.Where(IsOfTraining)], SegClipConfig.FileName, "a SegCLIP");

    private static bool IsOfTraining(string name) => !name.StartsWith(Clip, StringComparison.Ordinal) || OfTraining.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    private static IEnumerable<TensorView> Vision(ClipConfig config, SegClipConfig system)
    {
        var (vision, patch) = (config.Vision, config.PatchSize);
        var width = vision.Width;
        return [
            OpenClipTensors.Same("logit_scale", $"{Clip}logit_scale"),
            OpenClipTensors.Same("patches.weight", $"{Visual}conv1.weight", width, 3, patch, patch),
            OpenClipTensors.Same("positions", $"{Visual}positional_embedding", 1 + config.NativeGrid * config.NativeGrid, width),
            .. OpenClipTensors.Norm("pre_norm", $"{Visual}ln_pre", width),
            .. Range(system.FirstLayers, i => OpenClipTensors.Block($"first.{i}", $"{Blocks}layers0.{i}", vision)),
            OpenClipTensors.Same("centres", $"{Semantic}.semantic_center", system.Groups, width),
            .. Range(system.CrossLayers, i => Cross($"cross.{i}", $"{Semantic}.cross_att.{i}", vision)),
            .. Range(system.SecondLayers, i => OpenClipTensors.Block($"second.{i}", $"{Blocks}layers2.{i}", vision)),
            .. ((string[])["norm", "cross_ln", "k_ln", "proj_o.ln"]).SelectMany(name => OpenClipTensors.Norm(name, $"{Semantic}.{name}", width)),
            .. ((string[])["k_conv", "v_conv"]).Select(name => OpenClipTensors.Same($"{name}.weight", $"{Semantic}.{name}.weight", width, width / vision.Heads, 1)),
            .. Linear("proj_o.mlp.fc1", $"{Semantic}.proj_o.mlp.fc1", vision.Hidden, width),
            .. Linear("proj_o.mlp.fc2", $"{Semantic}.proj_o.mlp.fc2", width, vision.Hidden),
            .. OpenClipTensors.Norm("post_norm", $"{Visual}ln_post", width),
            OpenClipTensors.Projection("visual_projection.weight", $"{Visual}proj", width, config.EmbeddingSize)];
    }

    /// <summary>A layer in which centres look at patches: a block with two norms in front.</summary>
    private static IEnumerable<TensorView> Cross(string name, string stored, TransformerConfig vision) => [
        .. OpenClipTensors.Norm($"{name}.norm_queries", $"{stored}.ln_x", vision.Width),
        .. OpenClipTensors.Norm($"{name}.norm_keys", $"{stored}.ln_k", vision.Width),
        // The rest is named as a block's.
        .. OpenClipTensors.Block(name, stored, vision).Where(view => !view.Stored.Contains(".ln_1.", StringComparison.Ordinal))];

    private static IEnumerable<TensorView> Linear(string name, string stored, int outputs, int inputs) =>
        [OpenClipTensors.Same($"{name}.weight", $"{stored}.weight", outputs, inputs), OpenClipTensors.Same($"{name}.bias", $"{stored}.bias", outputs)];

    private static IEnumerable<TensorView> Range(int count, Func<int, IEnumerable<TensorView>> of) => Enumerable.Range(0, count).SelectMany(of);
}
