using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.OpenClip;

/// <summary>What open_clip_config.json says is taken as OpenCLIP takes it, and other architectures are refused by name.</summary>
public sealed class OpenClipConfigTests : IDisposable
{
    private static readonly string Source = Golden.ModelDirectory(Golden.Models.First());
    private readonly TemporaryFolder _folder = new();
    private readonly JsonObject _config = OpenClipModel.ConfigOf(Source);

    public OpenClipConfigTests()
    {
        foreach (var (file, content) in OpenClipModel.Files(Source))
            _folder.Write(file, content);
    }

    private JsonObject Model => _config["model_cfg"]!.AsObject();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sizes_that_are_not_told_are_OpenCLIP_s()
    {
        _config["model_cfg"] = JsonNode.Parse("""{"embed_dim": 512, "vision_cfg": {}, "text_cfg": {}}""");
        var config = Load();
        Assert.Equal(new TransformerConfig(768, 3072, 12, 12, Activation.Gelu, 1e-5f), config.Vision);
        Assert.Equal(new TransformerConfig(512, 2048, 12, 8, Activation.Gelu, 1e-5f), config.Text);
        Assert.Equal((224, 16, 77, 49408, 512), (config.ImageSize, config.PatchSize, config.ContextLength, config.VocabularySize, config.EmbeddingSize));
    }

    /// <summary>ViT-bigG/14 and the DFN's ViT-H/14 as their directories have them.</summary>
    [Fact]
    public void Widths_of_heads_and_ratios_that_are_no_whole_numbers_are_followed()
    {
        _config["model_cfg"] = JsonNode.Parse("""
            {"embed_dim": 1280, "vision_cfg": {"image_size": 224, "layers": 48, "width": 1664, "head_width": 104, "mlp_ratio": 4.9231, "patch_size": 14},
             "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 1280, "heads": 20, "layers": 32}}
            """);
        Assert.Equal(new TransformerConfig(1664, 8192, 48, 16, Activation.Gelu, 1e-5f), Load().Vision);
        _config["model_cfg"] = JsonNode.Parse("""
            {"embed_dim": 1024, "quick_gelu": true, "custom_text": true, "init_logit_bias": -10, "vision_cfg": {"image_size": [378, 378], "layers": 32, "width": 1280, "head_width": 80, "patch_size": 14, "norm_kwargs": {"eps": 1e-6}, "attentional_pool": false},
             "text_cfg": {"context_length": 32, "width": 1024, "heads": 16, "layers": 24, "hf_tokenizer_name": null, "pool_type": "argmax"}}
            """);
        var config = Load();
        Assert.Equal(new TransformerConfig(1280, 5120, 32, 16, Activation.QuickGelu, 1e-6f), config.Vision);
        Assert.Equal((new TransformerConfig(1024, 4096, 24, 16, Activation.QuickGelu, 1e-5f), 32, 378), (config.Text, config.ContextLength, config.ImageSize));
    }

    [Theory]
    [InlineData("vit_base_patch16_clip_224", 768, 3072, 12, 12, Activation.Gelu, 16, 224)]
    [InlineData("vit_base_patch16_plus_clip_240", 896, 3584, 12, 14, Activation.Gelu, 16, 240)]
    [InlineData("vit_large_patch14_clip_quickgelu_336.openai", 1024, 4096, 24, 16, Activation.QuickGelu, 14, 336)]
    [InlineData("vit_gigantic_patch14_clip_224", 1664, 8192, 48, 16, Activation.Gelu, 14, 224)]
    public void A_plain_CLIP_tower_of_timm_has_the_sizes_and_the_activation_of_its_name(string name, int width, int hidden, int layers, int heads, Activation activation, int patch, int image)
    {
        Model["quick_gelu"] = true;
        Model["vision_cfg"] = new JsonObject { ["timm_model_name"] = name, ["timm_pool"] = "token", ["timm_proj"] = "linear", ["image_size"] = image };
        var config = Load();
        Assert.Equal((new TransformerConfig(width, hidden, layers, heads, activation, 1e-5f), patch, image), (config.Vision, config.PatchSize, config.ImageSize));
        Assert.Equal(Activation.QuickGelu, config.Text.Activation);
    }

    [Theory]
    [InlineData("""{"timm_model_name": "vit_base_patch16_siglip_224", "timm_pool": "map"}""", "timm_model_name is 'vit_base_patch16_siglip_224', a SigLIP")]
    [InlineData("""{"timm_model_name": "convnext_base", "timm_pool": ""}""", "timm_model_name is 'convnext_base'; of timm's towers plain CLIP ViTs are supported")]
    [InlineData("""{"timm_model_name": "vit_base_patch16_clip_224"}""", "timm_pool is 'avg'; 'token' is supported")]
    [InlineData("""{"timm_model_name": "vit_large_patch14_clip_224", "timm_pool": "token", "timm_proj": null}""", "timm_proj must be \"linear\", a projection without a bias; it is null")]
    [InlineData("""{"timm_model_name": "vit_base_patch16_clip_224", "timm_pool": "token", "timm_proj_bias": true}""", "timm_proj_bias")]
    [InlineData("""{"layers": [3, 4, 6, 3], "width": 64}""", "the vision tower is a ResNet")]
    [InlineData("""{"attentional_pool": "parallel"}""", "attentional_pool pools by attention")]
    [InlineData("""{"no_ln_pre": true}""", "no_ln_pre leaves out the norm")]
    [InlineData("""{"pool_type": "avg"}""", "pool_type must be \"tok\", the class token's feature; it is \"avg\"")]
    [InlineData("""{"ls_init_value": 0.0001}""", "ls_init_value changes the blocks of the transformer")]
    [InlineData("""{"act_kwargs": {"approximate": "tanh"}}""", "act_kwargs changes the blocks")]
    [InlineData("""{"qk_norm": true}""", "qk_norm changes the blocks")]
    [InlineData("""{"block_type": "custom"}""", "block_type changes the blocks")]
    [InlineData("""{"norm_kwargs": {"elementwise_affine": true}}""", "norm_kwargs.elementwise_affine is a setting that is not known")]
    [InlineData("""{"rotary": true}""", "vision_cfg.rotary is a setting that is not known; it is true")]
    [InlineData("""{"image_size": [224, 336]}""", "image_size must be a square's side")]
    [InlineData("""{"image_size": 225}""", "image_size 225 is no multiple of patch_size 16")]
    [InlineData("""{"width": 100, "head_width": 30}""", "width 100 is no multiple")]
    [InlineData("""{"width": -1}""", "vision_cfg.width must be a whole number in 1..1048576; it is -1")]
    public void Other_vision_towers_are_refused_by_name(string vision, string expected) => Refuses(config => config["vision_cfg"] = JsonNode.Parse(vision), expected);

    [Theory]
    [InlineData("""{"hf_model_name": "xlm-roberta-base"}""", "text_cfg.hf_model_name is another text tower than CLIP's, which is not supported; it is \"xlm-roberta-base\"")]
    [InlineData("""{"hf_tokenizer_name": "google/mt5-base"}""", "hf_tokenizer_name is 'google/mt5-base'; CLIP's tokeniser is supported")]
    [InlineData("""{"tokenizer_kwargs": {"clean": "canonicalize"}}""", "tokenizer_kwargs is of another tokeniser")]
    [InlineData("""{"tokenizer_type": "tiktoken"}""", "tokenizer_type is 'tiktoken'")]
    [InlineData("""{"text_arch": "modern"}""", "text_arch must be \"clip\"")]
    [InlineData("""{"no_causal_mask": true}""", "no_causal_mask lets tokens see those behind them")]
    [InlineData("""{"embed_cls": true}""", "embed_cls")]
    [InlineData("""{"context_length": 1}""", "text_cfg.context_length is 1; start and end")]
    [InlineData("""{"pool_type": "last"}""", "pool_type must be \"argmax\"")]
    [InlineData("""{"proj_bias": true}""", "proj_bias")]
    public void Other_text_towers_and_tokenisers_are_refused_by_name(string text, string expected)
    {
        File.Delete(_folder["vocab.json"]);
        File.Delete(_folder["merges.txt"]);
        Refuses(config => config["text_cfg"] = JsonNode.Parse(text), expected);
    }

    [Theory]
    [InlineData("multimodal_cfg", "it is CoCa (model_cfg.multimodal_cfg)")]
    [InlineData("audio_cfg", "it is CLAP, of sounds")]
    [InlineData("moe", "model_cfg.moe is a setting that is not known")]
    public void Other_models_are_refused_by_name(string key, string expected) => Refuses(config => config[key] = new JsonObject { ["layers"] = 3 }, expected);

    [Theory]
    [InlineData("mode", "\"L\"", "preprocess_cfg.mode must be \"RGB\"")]
    [InlineData("mean", "[0.5, 0.5]", "preprocess_cfg.mean must be three numbers")]
    [InlineData("mean", "[123.7, 116.3, 103.5]", "mean must lie in 0..1")]
    public void Pixels_of_another_kind_are_refused(string key, string value, string expected)
    {
        _config["preprocess_cfg"]![key] = JsonNode.Parse(value);
        Refuses(_ => { }, expected);
    }

    [Fact]
    public void Pixels_of_which_nothing_is_told_are_OpenAI_s()
    {
        _config.Remove("preprocess_cfg");
        Write();
        using var model = ClipModel.Load(_folder.Path, 1);
        Assert.Equal("image_mean [0.48145466, 0.4578275, 0.40821073] and image_std [0.26862954, 0.26130258, 0.27577711]", model.Normalisation.ToString());
    }

    /// <summary>OpenCLIP expects the files of a tokeniser of another name in the directory; in form they may be CLIP's.</summary>
    [Fact]
    public void A_tokeniser_of_another_name_that_is_CLIP_s_in_form_is_taken_with_its_files()
    {
        Model["text_cfg"]!["hf_tokenizer_name"] = "org/own-clip";
        Write();
        ClipModel.Load(_folder.Path, 1).Dispose();
        File.Delete(_folder["vocab.json"]);
        Refuses(_ => { }, "vocab.json is missing");
    }

    [Fact]
    public void What_is_no_configuration_of_OpenCLIP_is_refused()
    {
        _folder.Write(OpenClipModel.Config, "{\"half\":");
        Assert.Contains($"{OpenClipModel.Config}: not valid JSON", Fails(), StringComparison.Ordinal);
        _folder.Write(OpenClipModel.Config, "[]");
        Assert.Contains("model_cfg is missing; is this a CLIP saved by OpenCLIP?", Fails(), StringComparison.Ordinal);
    }

    private ClipConfig Load()
    {
        Write();
        return ClipConfig.Load(_folder.Path);
    }

    private void Write() => _folder.Write(OpenClipModel.Config, _config.ToJsonString());

    private void Refuses(Action<JsonObject> edit, string expected)
    {
        edit(Model);
        Write();
        var message = Fails();
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.Path, message, StringComparison.Ordinal);
    }

    private string Fails() => Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, 1).Dispose()).Message;
}
