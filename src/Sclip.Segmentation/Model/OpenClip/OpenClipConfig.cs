using Sclip.Segmentation.Systems.Eva;

namespace Sclip.Segmentation.OpenClip;

/// <summary>
/// What open_clip_config.json says of a CLIP's architecture, with the defaults of OpenCLIP's classes CLIPVisionCfg and CLIPTextCfg. Of a directory
/// OpenCLIP takes <c>quick_gelu</c> from this file and from nowhere else: names and tags that imply it are those of its own list of models.
/// </summary>
internal static class OpenClipConfig
{
    public const string FileName = "open_clip_config.json";

    private const float Epsilon = 1e-5f;
    private const string OtherBlocks = "changes the blocks of the transformer, which is not supported", OtherTokenizer = "is of another tokeniser than CLIP's, which is not supported";
    private static readonly string[] BlockKeys = ["ls_init_value", "qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc", "act_kwargs"];

    /// <exception cref="ModelFormatException">It is missing, cannot be read, or describes another architecture.</exception>
    public static ClipConfig Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        using var document = ModelFiles.ReadJson(path);
        var root = new OpenClipSection(path, "", document.RootElement);
        // Where EVA-CLIP's code has its configurations there is nothing around the model's.
        if (EvaConfig.TryRead(root.Has("model_cfg") || !root.Has("vision_cfg") ? root.Child("model_cfg") : root, directory) is { } eva)
            return eva;
        var model = root.Child("model_cfg");
        foreach (var (key, what) in ((string, string)[])[("multimodal_cfg", "CoCa"), ("audio_cfg", "CLAP, of sounds"), ("genlip_cfg", "GenLIP"), ("genlap_cfg", "GenLAP")])
            if (model.Has(key))
                throw new ModelFormatException($"{path}: it is {what} ({model.Name}{key}); CLIPs of a ViT and a text transformer are supported.");
        model.RefuseOthers("embed_dim", "vision_cfg", "text_cfg", "quick_gelu", "custom_text", "init_logit_scale", "init_logit_bias", "nonscalar_logit_scale", "output_dict");
        var (vision, text) = (model.Child("vision_cfg"), model.Child("text_cfg"));
        var activation = model.Flag("quick_gelu") ? Activation.QuickGelu : Activation.Gelu;
        var tower = vision.Has("timm_model_name") ? TimmTower.Of(vision) : OwnTower(vision, activation);
        if (tower.ImageSize % tower.PatchSize != 0)
            throw new ModelFormatException($"{path}: image_size {tower.ImageSize} is no multiple of patch_size {tower.PatchSize}.");
        var (words, context) = TextTower(text, directory, activation);
        return new ClipConfig
        {
            Vision = tower.Transformer,
            Text = words,
            ImageSize = tower.ImageSize,
            PatchSize = tower.PatchSize,
            ContextLength = context,
            VocabularySize = text.Number("vocab_size", 49408),
            EmbeddingSize = model.Number("embed_dim"),
        };
    }

    /// <summary>CLIP's text transformer, and the tokens of its longest text.</summary>
    /// <param name="text">Its section.</param>
    /// <param name="directory">Where a vocabulary may lie.</param>
    /// <param name="activation">Its activation.</param>
    /// <param name="others">Keys that change nothing, beside OpenCLIP's.</param>
    /// <exception cref="ModelFormatException">It is of another architecture.</exception>
    public static (TransformerConfig Transformer, int Context) TextTower(OpenClipSection text, string directory, Activation activation, params string[] others)
    {
        RefuseOtherText(text, directory, others);
        var transformer = Transformer(text, text.Number("width", 512), 12, text.Number("heads", 8), activation);
        return text.Number("context_length", 77) is >= 2 and var context
            ? (transformer, context)
            : throw new ModelFormatException($"{text.Path}: {text.Name}context_length is 1; start and end of a text alone are two.");
    }

    private static TimmTower OwnTower(OpenClipSection vision, Activation activation)
    {
        if (vision.IsArray("layers"))
            throw new ModelFormatException($"{vision.Path}: {vision.Name}layers is a list: the vision tower is a ResNet; ViTs are supported.");
        vision.Refuse("attentional_pool", "pools by attention, which is not supported");
        vision.Refuse("no_ln_pre", "leaves out the norm before the blocks, which is not supported");
        vision.Refuse("input_patchnorm", "normalises patches, which is not supported");
        vision.Refuse("global_average_pool", "pools by the mean; the class token's feature is supported");
        vision.Refuse("pool_type", "must be \"tok\", the class token's feature", "tok");
        vision.Refuse("final_ln_after_pool", "puts the last norm behind the pooling, which is not supported");
        vision.Refuse("pos_embed_type", "must be \"learnable\" or \"sin_cos_2d\"", "learnable", "sin_cos_2d");
        RefuseOtherBlocks(vision);
        vision.RefuseOthers(
            "layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size", "image_seq_len", "patch_dropout", "attn_pooler_queries", "n_queries", "attn_pooler_heads", "pool_type",
            "pos_embed_type", "output_tokens", "block_type", "norm_kwargs", "timm_model_pretrained", "timm_pool", "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path");
        var width = vision.Number("width", 768);
        return new(Transformer(vision, width, 12, width / Math.Min(width, vision.Number("head_width", 64)), activation), vision.Side("patch_size", 16), vision.Side("image_size", 224));
    }

    private static void RefuseOtherText(OpenClipSection text, string directory, string[] others)
    {
        text.Refuse("hf_model_name", "is another text tower than CLIP's, which is not supported");
        text.Refuse("text_arch", "must be \"clip\"", "clip");
        // Those of CLIP's models name its own; else it may be CLIP's in form, and then lies beside, as OpenCLIP expects it of a directory.
        if (text.Text("hf_tokenizer_name", "") is { Length: > 0 } name && !name.StartsWith("openai/clip-", StringComparison.Ordinal) && !ModelDirectory.BringsVocabulary(directory))
            throw new ModelFormatException($"{text.Path}: {text.Name}hf_tokenizer_name is '{name}'; CLIP's tokeniser is supported, with its vocab.json and merges.txt beside where it is not CLIP's own.");
        text.Refuse("tokenizer_mode", OtherTokenizer);
        text.Refuse("tokenizer_kwargs", OtherTokenizer);
        if (text.Text("tokenizer_type", "") is { Length: > 0 } type)
            throw new ModelFormatException($"{text.Path}: {text.Name}tokenizer_type is '{type}'; CLIP's tokeniser is supported.");
        text.Refuse("no_causal_mask", "lets tokens see those behind them, which is not supported");
        text.Refuse("embed_cls", "adds a class token to the text, which is not supported");
        text.Refuse("pool_type", "must be \"argmax\", the end-of-text token's feature", "argmax");
        text.Refuse("final_ln_after_pool", "puts the last norm behind the pooling, which is not supported");
        text.Refuse("proj_bias", "is a bias of the projection, which is not supported");
        text.Refuse("proj_type", "must be \"linear\"", "linear");
        text.Refuse("variable_text", "is a text tower of any length, which is not supported");
        RefuseOtherBlocks(text);
        text.RefuseOthers([
            .. others, "context_length", "vocab_size", "hf_tokenizer_name", "text_arch", "width", "heads", "layers", "mlp_ratio", "pad_id", "bos_id", "eos_id", "pool_type", "proj_type", "output_tokens", "block_type",
            "norm_kwargs", "tokenizer_type", "tiktoken_name", "hf_model_pretrained", "hf_proj_type", "hf_pooler_type"]);
    }

    private static void RefuseOtherBlocks(OpenClipSection tower)
    {
        foreach (var key in BlockKeys)
            tower.Refuse(key, OtherBlocks);
        tower.Refuse("block_type", OtherBlocks, "default");
    }

    private static TransformerConfig Transformer(OpenClipSection tower, int width, int layers, int heads, Activation activation)
    {
        if (width % heads != 0)
            throw new ModelFormatException($"{tower.Path}: {tower.Name}width {width} is no multiple of its {heads} heads.");
        return new(width, (int)(width * tower.Ratio("mlp_ratio", 4)), tower.Number("layers", layers), heads, activation, EpsilonOf(tower));
    }

    private static float EpsilonOf(OpenClipSection tower)
    {
        if (!tower.Has("norm_kwargs"))
            return Epsilon;
        var norm = tower.Child("norm_kwargs");
        norm.RefuseOthers("eps");
        return (float)norm.Ratio("eps", Epsilon);
    }
}
