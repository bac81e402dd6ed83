using Sclip.Testing;

namespace Sclip.Cli.Tests.Models;

/// <summary>Models in OpenCLIP's layout and checkpoints with OpenAI's names: converted, pulled and shown.</summary>
public sealed class OpenClipTests : IDisposable
{
    private const string Checkpoint = "open_clip_pytorch_model.bin";
    private static readonly string Source = Golden.ModelDirectory(Golden.Models.First());
    private readonly TemporaryFolder _folder = new();
    private readonly ModelCli _cli = new();

    /// <summary>Without weights.</summary>
    private static Dictionary<string, byte[]> Small => OpenClipModel.Files(Source).Where(file => file.Key != OpenClipModel.Weights).ToDictionary();

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checkpoint_of_OpenAI_becomes_a_model_directory(bool archive)
    {
        var tensors = OpenClipModel.TensorsOf(Source);
        Write("source", new() { ["ViT.pt"] = archive ? FakeScript.Archive(tensors) : FakeScript.StateDictionary(tensors), ["vocab.json"] = Small["vocab.json"], ["merges.txt"] = Small["merges.txt"] });
        var (exitCode, output, error) = await _cli.Run(["convert", _folder["source/ViT.pt"], "--out", _folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(!archive, output.Contains("ViT.pt does not say by whom it was trained", StringComparison.Ordinal));
        Assert.Equal(["merges.txt", OpenClipModel.Config, OpenClipModel.Weights, "vocab.json"], FilesOf("out"));
        AssertSource(_folder["out"]);
        var shown = (await _cli.Run(["show", _folder["out"]])).Output;
        Assert.Contains("layout        OpenCLIP, converted from a checkpoint of PyTorch", shown);
        Assert.Contains("tokeniser     vocab.json and merges.txt; 814 tokens", shown);
    }

    [Theory]
    [InlineData("source")]
    [InlineData("source/open_clip_pytorch_model.bin")]
    public async Task A_checkpoint_of_OpenCLIP_keeps_the_configuration_beside_it(string source)
    {
        Write("source", new(Small) { [Checkpoint] = FakeScript.StateDictionary(OpenClipModel.TensorsOf(Source, "text.")) });
        var (exitCode, output, error) = await _cli.Run(["convert", _folder[source], "--out", _folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("does not say by whom", output);
        Assert.Equal(Small[OpenClipModel.Config], File.ReadAllBytes(_folder[$"out/{OpenClipModel.Config}"]));
        AssertSource(_folder["out"]);
    }

    [Fact]
    public async Task A_checkpoint_that_does_not_fit_leaves_nothing()
    {
        var tensors = OpenClipModel.TensorsOf(Source);
        tensors["visual.transformer.resblocks.0.ls_1.gamma"] = ([1], [1]);
        Write("source", new(Small) { [Checkpoint] = FakeScript.StateDictionary(tensors) });
        var (exitCode, _, error) = await _cli.Run(["convert", _folder["source"], "--out", _folder["out"]]);
        Assert.Equal(1, exitCode);
        Assert.Contains("visual.transformer.resblocks.0.ls_1.gamma is no tensor of a CLIP ViT", error);
        Assert.Equal([_folder["source"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_in_OpenCLIP_s_layout_is_pulled(bool checkpoint)
    {
        var files = new Dictionary<string, byte[]>(Small) { ["config.json"] = "{\"architecture\": \"vit_base_patch16_clip_224\"}"u8.ToArray(), ["README.md"] = "not needed"u8.ToArray() };
        if (checkpoint)
            files[Checkpoint] = FakeScript.StateDictionary(OpenClipModel.TensorsOf(Source));
        else
            (files[OpenClipModel.Weights], files["model.safetensors"]) = (OpenClipModel.Files(Source)[OpenClipModel.Weights], "timm's"u8.ToArray());
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, _, error) = await cli.Pull();
        Assert.Equal((0, ""), (exitCode, error));
        string[] expected = [".source.json", "merges.txt", OpenClipModel.Config, OpenClipModel.Weights, "vocab.json"];
        Assert.Equal(expected, Directory.GetFiles(cli.ModelDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AssertSource(cli.ModelDirectory);
    }

    [Fact]
    public async Task A_model_of_another_tokeniser_is_refused_before_its_weights_are_pulled()
    {
        var config = OpenClipModel.ConfigOf(Source);
        config["model_cfg"]!["text_cfg"]!["hf_tokenizer_name"] = "google/mt5-base";
        await using var hub = FakeHub.Start(new() { [OpenClipModel.Config] = System.Text.Encoding.UTF8.GetBytes(config.ToJsonString()), [OpenClipModel.Weights] = [1] });
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, _, error) = await cli.Pull();
        Assert.Equal(1, exitCode);
        Assert.Contains("hf_tokenizer_name is 'google/mt5-base'", error);
        Assert.Empty(hub.RequestsOf(OpenClipModel.Weights));
    }

    [Fact]
    public async Task A_model_is_shown_with_layout_sizes_activation_tokeniser_and_methods()
    {
        Write("model", OpenClipModel.Files(Source));
        var (exitCode, output, _) = await _cli.Run(["show", _folder["model"]]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"layout        OpenCLIP{Environment.NewLine}", output);
        var config = Segmentation.ClipConfig.Load(Source);
        Assert.Contains($"vision        layers {config.Vision.Layers}, width {config.Vision.Width}, heads {config.Vision.Heads}, MLP {config.Vision.Hidden}", output);
        Assert.Contains("activation    QuickGELU", output);
        Assert.Contains("tokeniser     vocab.json and merges.txt; 814 tokens, texts of at most 77", output);
        Assert.Contains("methods       sclip, clip, maskclip,", output);
        Assert.Contains($"layout        Hugging Face{Environment.NewLine}", (await _cli.Run(["show", Source])).Output);
    }

    private static void AssertSource(string directory)
    {
        using var expected = Segmentation.ClipModel.Load(Source, 1);
        using var model = Segmentation.ClipModel.Load(directory, 1);
        Assert.Equal((expected.Config, expected.VisionFingerprint), (model.Config, model.VisionFingerprint));
    }

    private string?[] FilesOf(string folder) => [.. Directory.GetFiles(_folder[folder]).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private void Write(string folder, Dictionary<string, byte[]> files)
    {
        foreach (var (name, content) in files)
            _folder.Write($"{folder}/{name}", content);
    }
}
