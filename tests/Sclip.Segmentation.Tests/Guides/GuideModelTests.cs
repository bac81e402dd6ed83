using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>A guide's directory with something wrong is refused with the file and the fault named.</summary>
public sealed class GuideModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_directory_is_named() =>
        Assert.Contains("/no/such/guide", Assert.Throws<ModelFormatException>(() => GuideModel.Load("/no/such/guide")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_CLIP_is_no_guide_and_a_guide_is_no_CLIP()
    {
        var clip = Golden.ModelDirectory(Golden.Models.First());
        Assert.Contains("model_type is 'clip'; a guide is", Assert.Throws<ModelFormatException>(() => GuideModel.Load(clip)).Message, StringComparison.Ordinal);
        Assert.False(GuideConfig.IsIn(clip));
        new FakeGuide("dinov2").Fill().WriteTo(_folder.Path);
        Assert.True(GuideConfig.IsIn(_folder.Path));
        Assert.Contains("give it by --guide", Assert.Throws<ModelFormatException>(() => ClipModel.Load(_folder.Path, 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hidden_act", "\"relu\"", "hidden_act is 'relu'")]
    [InlineData("num_channels", "1", "num_channels must be 3")]
    [InlineData("patch_size", "13", "smaller than patch_size 13")]
    [InlineData("num_attention_heads", "3", "no multiple of its 3 heads")]
    [InlineData("qkv_bias", "1", "qkv_bias must be true or false")]
    [InlineData("num_hidden_layers", "1", "the weights have 2 layers")]
    public void A_wrong_value_is_named(string key, string value, string problem)
    {
        new FakeGuide("vit", new JsonObject { [key] = JsonNode.Parse(value) }).Fill().WriteTo(_folder.Path);
        Assert.Contains(problem, Assert.Throws<ModelFormatException>(() => GuideModel.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_and_a_wrong_shape_are_named()
    {
        var guide = new FakeGuide("dinov2").Fill();
        var (shape, values) = guide.Tensors["encoder.layer.1.layer_scale2.lambda1"];
        guide.Tensors.Remove("encoder.layer.1.layer_scale2.lambda1");
        Refuses("layer_scale2.lambda1 is missing; is this a guide", guide);
        guide.Tensors["encoder.layer.1.layer_scale2.lambda1"] = ([2, shape[0] / 2], values);
        Refuses("has shape [2, 4]", guide);
    }

    [Fact]
    public void The_fingerprint_follows_weights_and_normalisation()
    {
        var seen = new HashSet<string>();
        foreach (var seed in (int[])[1, 2])
        {
            new FakeGuide("vit", seed: seed).Fill().WriteTo(_folder.Path);
            Assert.True(seen.Add(Fingerprint()));
        }
        _folder.Write("preprocessor_config.json", """{"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}""");
        Assert.True(seen.Add(Fingerprint()));
        new FakeGuide("vit", seed: 1).Fill().WriteTo(_folder.Path);
        File.Delete(_folder["preprocessor_config.json"]);
        Assert.False(seen.Add(Fingerprint()));
    }

    private string Fingerprint()
    {
        using var guide = GuideModel.Load(_folder.Path);
        return guide.Fingerprint;
    }

    private void Refuses(string problem, FakeGuide guide)
    {
        guide.WriteTo(_folder.Path);
        using var model = ClipModel.Load(Golden.ModelDirectory(Golden.Models.First()), 1, guide: _folder.Path);
        Assert.Contains(problem, Assert.Throws<ModelFormatException>(() => new ManagedSegmenter(model)).Message, StringComparison.Ordinal);
    }
}
