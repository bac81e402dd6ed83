namespace Sclip.Segmentation.OpenClip;

/// <summary>
/// OpenCLIP's names of the tensors, which are OpenAI's: queries, keys and values are one matrix, one below the other, and projections are stored
/// as they are multiplied from the right. A text tower of its own has a prefix, and a vision tower of timm timm's names. W width.
/// </summary>
internal static class OpenClipTensors
{
    /// <summary>The file of the weights, and that of PyTorch's.</summary>
    public const string WeightsName = "open_clip_model.safetensors", CheckpointName = "open_clip_pytorch_model.bin";

    private const string CustomText = "text.", TimmVision = "visual.trunk.";

    // Numbers that no forward pass reads: of the training's loss, the causal mask, and sizes in OpenAI's archives.
    private static readonly string[] Unused = ["logit_scale", "logit_bias", "attn_mask", "text.attn_mask", "input_resolution", "context_length", "vocab_size"];

    private static readonly BlockNames Own = new("ln_1", "attn.in_proj_weight", "attn.in_proj_bias", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj");
    private static readonly BlockNames Timm = new("norm1", "attn.qkv.weight", "attn.qkv.bias", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2");

    /// <summary>Opens the weights of a directory in OpenCLIP's layout, which then are asked for by Hugging Face's names.</summary>
    /// <exception cref="ModelFormatException">The file is missing or damaged, or a tensor is missing, has another shape than the configuration says, or is none of a CLIP ViT.</exception>
    public static SafeTensors Open(string directory)
    {
        // As OpenCLIP looks for them.
        string[] paths = [.. ((string[])[WeightsName, "open_clip_pytorch_model.safetensors", "model.safetensors"]).Select(name => Path.Combine(directory, name))];
        var path = paths.FirstOrDefault(File.Exists) ?? paths[0];
        if (!File.Exists(path) && File.Exists(Path.Combine(directory, CheckpointName)))
            throw new ModelFormatException($"{directory} has no {WeightsName}, but weights of PyTorch; convert them: sclip model convert {directory} --out DIR");
        var tensors = SafeTensors.Open(path, [path]);
        try
        {
            // Other systems have names of their own.
            if (OpenClipConfig.Load(directory) is { Trained: null } config)
                Rename(tensors, config);
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>The tensors of a configuration, under both names, one after the other: it may tell of more than there is memory for.</summary>
    public static IEnumerable<TensorView> Of(ClipConfig config) => Vision(config).Concat(Text(config, ""));

    /// <summary>The names that a file has decide which towers it is of.</summary>
    internal static void Rename(SafeTensors tensors, ClipConfig config)
    {
        var names = tensors.Names.ToList();
        var text = names.Exists(name => name.StartsWith(CustomText, StringComparison.Ordinal)) ? CustomText : "";
        var vision = names.Exists(name => name.StartsWith(TimmVision, StringComparison.Ordinal)) ? VisionOfTimm(config) : Vision(config);
        tensors.Rename(vision.Concat(Text(config, text)), Unused, OpenClipConfig.FileName);
    }

    private static IEnumerable<TensorView> Vision(ClipConfig config)
    {
        const string Prefix = "visual.";
        var (width, patch, tokens) = (config.Vision.Width, config.PatchSize, 1 + config.NativeGrid * config.NativeGrid);
        TensorView[] embeddings = [
            Same("vision_model.embeddings.class_embedding", $"{Prefix}class_embedding", width),
            Same("vision_model.embeddings.patch_embedding.weight", $"{Prefix}conv1.weight", width, 3, patch, patch),
            Same("vision_model.embeddings.position_embedding.weight", $"{Prefix}positional_embedding", tokens, width),
            .. Norm("vision_model.pre_layrnorm", $"{Prefix}ln_pre", width)];
        return embeddings.Concat(Blocks("vision_model", $"{Prefix}transformer.resblocks", Own, config.Vision)).Concat([
            .. Norm("vision_model.post_layernorm", $"{Prefix}ln_post", width),
            Projection("visual_projection.weight", $"{Prefix}proj", width, config.EmbeddingSize)]);
    }

    private static IEnumerable<TensorView> VisionOfTimm(ClipConfig config)
    {
        var (width, patch, tokens) = (config.Vision.Width, config.PatchSize, 1 + config.NativeGrid * config.NativeGrid);
        TensorView[] embeddings = [
            new("vision_model.embeddings.class_embedding", [width], $"{TimmVision}cls_token", [1, 1, width]),
            Same("vision_model.embeddings.patch_embedding.weight", $"{TimmVision}patch_embed.proj.weight", width, 3, patch, patch),
            new("vision_model.embeddings.position_embedding.weight", [tokens, width], $"{TimmVision}pos_embed", [1, tokens, width]),
            .. Norm("vision_model.pre_layrnorm", $"{TimmVision}norm_pre", width)];
        return embeddings.Concat(Blocks("vision_model", $"{TimmVision}blocks", Timm, config.Vision)).Concat([
            .. Norm("vision_model.post_layernorm", $"{TimmVision}norm", width),
            Same("visual_projection.weight", "visual.head.proj.weight", config.EmbeddingSize, width)]);
    }

    internal static IEnumerable<TensorView> Text(ClipConfig config, string prefix)
    {
        var width = config.Text.Width;
        TensorView[] embeddings = [
            Same("text_model.embeddings.token_embedding.weight", $"{prefix}token_embedding.weight", config.VocabularySize, width),
            Same("text_model.embeddings.position_embedding.weight", $"{prefix}positional_embedding", config.ContextLength, width)];
        return embeddings.Concat(Blocks("text_model", $"{prefix}transformer.resblocks", Own, config.Text)).Concat([
            .. Norm("text_model.final_layer_norm", $"{prefix}ln_final", width),
            Projection("text_projection.weight", $"{prefix}text_projection", width, config.EmbeddingSize)]);
    }

    private static IEnumerable<TensorView> Blocks(string tower, string stored, BlockNames names, TransformerConfig config) => Enumerable.Range(0, config.Layers)
        .SelectMany(i => Block($"{tower}.encoder.layers.{i}", $"{stored}.{i}", names, config.Width, config.Hidden));

    /// <summary>A block by OpenAI's names.</summary>
    internal static IEnumerable<TensorView> Block(string name, string stored, TransformerConfig config) => Block(name, stored, Own, config.Width, config.Hidden);

    private static IEnumerable<TensorView> Block(string prefix, string stored, BlockNames names, int width, int hidden) => [
        .. Norm($"{prefix}.layer_norm1", $"{stored}.{names.Norm1}", width),
        .. ((string[])["q", "k", "v"]).SelectMany((part, i) => (TensorView[])[
            new($"{prefix}.self_attn.{part}_proj.weight", [width, width], $"{stored}.{names.QkvWeight}", [3 * width, width], i),
            new($"{prefix}.self_attn.{part}_proj.bias", [width], $"{stored}.{names.QkvBias}", [3 * width], i)]),
        .. Linear($"{prefix}.self_attn.out_proj", $"{stored}.{names.Out}", width, width),
        .. Norm($"{prefix}.layer_norm2", $"{stored}.{names.Norm2}", width),
        .. Linear($"{prefix}.mlp.fc1", $"{stored}.{names.Fc1}", hidden, width),
        .. Linear($"{prefix}.mlp.fc2", $"{stored}.{names.Fc2}", width, hidden)];

    internal static IEnumerable<TensorView> Norm(string name, string stored, int width) => [Same($"{name}.weight", $"{stored}.weight", width), Same($"{name}.bias", $"{stored}.bias", width)];

    private static IEnumerable<TensorView> Linear(string name, string stored, int rows, int columns) => [Same($"{name}.weight", $"{stored}.weight", rows, columns), Same($"{name}.bias", $"{stored}.bias", rows)];

    internal static TensorView Projection(string name, string stored, int width, int embedding) => new(name, [embedding, width], stored, [width, embedding], Transposed: true);

    internal static TensorView Same(string name, string stored, params int[] shape) => new(name, shape, stored, shape);

    private sealed record BlockNames(string Norm1, string QkvWeight, string QkvBias, string Out, string Norm2, string Fc1, string Fc2);
}
