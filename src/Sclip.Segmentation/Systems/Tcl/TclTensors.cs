using Sclip.Segmentation.OpenClip;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>
/// The tensors of TCL: the frozen CLIP and the texts under Hugging Face's names, the trained copy of the last blocks as <c>trained.layers.N</c> with the numbers of
/// the blocks that it began as, and the rest as the authors call it.
/// </summary>
internal static class TclTensors
{
    /// <summary>What the names of the decoder begin with.</summary>
    public const string Decoder = "masker.image_encoder.decoder";

    private const string Clip = "clip_image_encoder.clip_visual", Text = "clip_text_encoder.";

    // What training alone has stands beside these.
    private static readonly string[] Parts = ["clip_image_encoder.", "clip_text_encoder.", "masker."];

    /// <summary>Gives the tensors these names.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, has another shape than the configuration says, or is unknown.</exception>
    public static void Rename(SafeTensors tensors, ClipConfig config, TclConfig tcl) => tensors.Rename(
        Vision(config).Concat(Masker(config, tcl)).Concat(OpenClipTensors.Text(config, Text)),
        [.. tensors.Names.Where(name => !Parts.Any(part => name.StartsWith(part, StringComparison.Ordinal)))], TclConfig.FileName, "a TCL");

    private static IEnumerable<TensorView> Vision(ClipConfig config)
    {
        var (width, patch, tokens) = (config.Vision.Width, config.PatchSize, 1 + config.NativeGrid * config.NativeGrid);
        return [
            OpenClipTensors.Same("vision_model.embeddings.class_embedding", $"{Clip}.class_embedding", width),
            OpenClipTensors.Same("vision_model.embeddings.patch_embedding.weight", $"{Clip}.conv1.weight", width, 3, patch, patch),
            OpenClipTensors.Same("vision_model.embeddings.position_embedding.weight", $"{Clip}.positional_embedding", tokens, width),
            .. OpenClipTensors.Norm("vision_model.pre_layrnorm", $"{Clip}.ln_pre", width),
            .. Enumerable.Range(0, config.Vision.Layers).SelectMany(i => OpenClipTensors.Block($"vision_model.encoder.layers.{i}", $"{Clip}.transformer.resblocks.{i}", config.Vision)),
            .. Projection("vision_model.post_layernorm", "visual_projection.weight", "clip_image_encoder.clip_proj", config)];
    }

    private static IEnumerable<TensorView> Masker(ClipConfig config, TclConfig tcl) => [
        .. Enumerable.Range(tcl.FrozenLayers, config.Vision.Layers - tcl.FrozenLayers)
            .SelectMany(i => OpenClipTensors.Block($"trained.layers.{i}", $"masker.image_encoder.backbone.transformer.resblocks.{i}", config.Vision)),
        .. Enumerable.Range(0, tcl.DecoderLayers).SelectMany(stage => ((string[])["conv", "conv2"]).SelectMany(name => Gated($"{Decoder}.decoder.net.{stage}.{name}", config.Vision.Width))),
        .. Projection($"{Decoder}.image_proj.ln", $"{Decoder}.image_proj.weight", $"{Decoder}.image_proj", config),
        Own("masker.sim2mask.w"), Own("masker.sim2mask.b")];

    private static IEnumerable<TensorView> Gated(string name, int width) => [
        .. OpenClipTensors.Norm($"{name}.norm", $"{name}.norm", width),
        Own($"{name}.conv.weight", width, width, 3, 3), Own($"{name}.conv.bias", width), Own($"{name}.gate.gate")];

    private static IEnumerable<TensorView> Projection(string norm, string weight, string stored, ClipConfig config) => [
        .. OpenClipTensors.Norm(norm, $"{stored}.ln", config.Vision.Width),
        OpenClipTensors.Projection(weight, $"{stored}.proj", config.Vision.Width, config.EmbeddingSize)];

    private static TensorView Own(string name, params int[] shape) => OpenClipTensors.Same(name, name, shape);
}
