using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Model;

/// <summary>config.json of other ages, and of what is no CLIP.</summary>
public sealed class ClipConfigTests : IDisposable
{
    private static readonly string Sound = Golden.ModelDirectory(Golden.Models.First());
    private readonly TemporaryFolder _folder = new();
    private readonly JsonNode _config = JsonNode.Parse(File.ReadAllText(Path.Combine(Sound, "config.json")))!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_config_dict_overrides_its_tower_whole_by_defaults_too()
    {
        var before = Load();
        _config["text_config_dict"] = new JsonObject { ["hidden_size"] = 640, ["num_attention_heads"] = 10, ["hidden_act"] = "gelu" };
        _config["vision_config_dict"] = null;
        var after = Load();
        Assert.Equal(new TransformerConfig(640, 2048, 12, 10, Activation.Gelu, 1e-5f), after.Text);
        Assert.Equal((77, 49408, before.EmbeddingSize), (after.ContextLength, after.VocabularySize, after.EmbeddingSize));
        Assert.Equal(before.Vision, after.Vision);
    }

    [Fact]
    public void The_dict_of_the_vision_tower_stands_for_it_where_it_is_alone()
    {
        var before = Load();
        _config["vision_config_dict"] = new JsonObject { ["patch_size"] = 14, ["image_size"] = 336 };
        _config.AsObject().Remove("vision_config");
        var after = Load();
        Assert.Equal(new TransformerConfig(768, 3072, 12, 12, Activation.QuickGelu, 1e-5f), after.Vision);
        Assert.Equal((14, 336), (after.PatchSize, after.ImageSize));
        Assert.Equal(before.Text, after.Text);
    }

    [Theory]
    [InlineData("text_config_dict", """{"hidden_act": "relu"}""", "text_config_dict.hidden_act is 'relu'")]
    [InlineData("vision_config_dict", """{"patch_size": 0}""", "vision_config_dict.patch_size must be a whole number")]
    [InlineData("text_config_dict", """{"max_position_embeddings": 1}""", "text_config_dict.max_position_embeddings is 1; start and end")]
    [InlineData("vision_config_dict", "7", "vision_config_dict")]
    public void What_is_wrong_with_a_config_dict_is_named(string key, string value, string mention)
    {
        _config[key] = JsonNode.Parse(value);
        Assert.Contains(mention, Assert.Throws<ModelFormatException>(Load).Message);
    }

    [Theory]
    [InlineData("siglip", " (SigLIP, whose text tower reads SentencePiece tokens)")]
    [InlineData("siglip2", " (SigLIP 2, whose text tower reads SentencePiece tokens)")]
    [InlineData("metaclip_2", " (MetaCLIP 2, whose text tower reads SentencePiece tokens)")]
    [InlineData("altclip", " (AltCLIP, whose text tower reads SentencePiece tokens)")]
    [InlineData("chinese_clip", " (Chinese-CLIP, whose text tower reads WordPiece (BERT) tokens)")]
    [InlineData("align", " (ALIGN, whose text tower reads WordPiece (BERT) tokens)")]
    [InlineData("vision-text-dual-encoder", " (two towers of other models)")]
    [InlineData("clip_vision_model", " (one tower of CLIP without the other)")]
    [InlineData("clip_text_model", " (one tower of CLIP without the other)")]
    [InlineData("bert", "")]
    public void What_is_no_CLIP_is_refused_by_name_with_what_fits(string type, string name)
    {
        _config["model_type"] = type;
        Assert.Equal(
            $"{_folder["config.json"]}: model_type is '{type}'{name}; only 'clip' is supported. Models that fit are CLIP with its own byte-pair tokenizer, such as openai/clip-vit-base-patch16.",
            Assert.Throws<ModelFormatException>(Load).Message);
    }

    private ClipConfig Load()
    {
        _folder.Write("config.json", _config.ToJsonString());
        return ClipConfig.Load(_folder.Path);
    }
}
