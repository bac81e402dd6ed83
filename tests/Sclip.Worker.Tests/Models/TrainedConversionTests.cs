using System.Text.Json.Nodes;
using Sclip.Segmentation;
using Sclip.Testing;
using Sclip.Worker.Models;
using Sclip.Worker.Tests.Engines;

namespace Sclip.Worker.Tests.Models;

/// <summary>Checkpoints of GroupViT, which keep their names, and of SegCLIP, which come without a configuration.</summary>
public sealed class TrainedConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string GroupVit => Directory.GetDirectories(GoldenSet.Trained.PathOf("groupvit/models"))[0];

    private static string SegClip => Directory.GetDirectories(GoldenSet.Trained.PathOf("segclip/models")).Single();

    [Fact]
    public void A_GroupViT_is_converted_under_its_own_names_and_needs_no_file_of_the_preprocessor()
    {
        Copy(GroupVit, "config.json", "vocab.json", "merges.txt");
        _folder.Write("source/pytorch_model.bin", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(GroupVit)));
        Convert("source");
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "vocab.json"], FilesOf("out"));
        ClipModel.Load(_folder["out"], 1).Dispose();
        var (expected, actual) = (OpenClipModel.TensorsAsStored(GroupVit), OpenClipModel.TensorsAsStored(_folder["out"]));
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, tensor => Assert.Equal(tensor.Value.Values, actual[tensor.Key].Values));
    }

    [Fact]
    public async Task A_GroupViT_is_pulled_from_a_hub_that_has_PyTorchs_weights_alone()
    {
        var files = ((string[])["config.json", "preprocessor_config.json", "vocab.json", "merges.txt"]).ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(GroupVit, name)));
        files["pytorch_model.bin"] = FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(GroupVit));
        await using var hub = FakeHub.Start(files);
        using var fixture = new EngineFixture(hub.Endpoint);
        using var model = ClipModel.Load(await fixture.Locate(FakeHub.Id), 1);
        Assert.Equal("GroupViT", model.Config.Architecture);
    }

    [Fact]
    public void The_shapes_of_a_SegCLIP_tell_its_configuration()
    {
        Copy(SegClip, "vocab.json", "merges.txt");
        _folder.Write("source/segclip.bin", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(SegClip)));
        Convert("source/segclip.bin");
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "vocab.json"], FilesOf("out"));
        var (expected, actual) = (Json(Path.Combine(SegClip, "config.json")), Json(_folder["out/config.json"]));
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{actual}, expected {expected}");
        ClipModel.Load(_folder["out"], 1).Dispose();
    }

    [Fact]
    public void The_configuration_beside_a_SegCLIP_is_kept()
    {
        Copy(SegClip, "config.json", "preprocessor_config.json", "vocab.json", "merges.txt");
        _folder.Write("source/segclip.bin", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(SegClip)));
        Convert("source/segclip.bin");
        Assert.Equal(File.ReadAllBytes(Path.Combine(SegClip, "config.json")), File.ReadAllBytes(_folder["out/config.json"]));
        ClipModel.Load(_folder["out"], 1).Dispose();
    }

    [Fact]
    public void A_SegCLIP_whose_shapes_do_not_tell_its_heads_asks_for_a_configuration()
    {
        var tensors = OpenClipModel.TensorsAsStored(SegClip);
        var (words, rows) = ("clip.token_embedding.weight", tensors["clip.token_embedding.weight"].Shape[0]);
        tensors[words] = ([rows, 40], new float[rows * 40]);
        _folder.Write("source/segclip.bin", FakeScript.StateDictionary(tensors));
        var error = Assert.Throws<ModelFormatException>(() => Convert("source/segclip.bin"));
        Assert.Contains("lay the model's config.json beside it", error.Message, StringComparison.Ordinal);
        Assert.Equal([_folder["source"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private static JsonNode Json(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    private void Convert(string source) => ModelConversion.Run(_folder[source], _folder["out"], new Progress<PullProgress>(), _ => { }, TestContext.Current.CancellationToken);

    private void Copy(string model, params string[] files)
    {
        foreach (var name in files)
            _folder.Write($"source/{name}", File.ReadAllBytes(Path.Combine(model, name)));
    }

    private string?[] FilesOf(string folder) => [.. Directory.GetFiles(_folder[folder]).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
