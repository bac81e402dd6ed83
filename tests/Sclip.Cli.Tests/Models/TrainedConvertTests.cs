using System.Text.Json.Nodes;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Models;

/// <summary>Checkpoints of EVA02-CLIP and TCL, which come without a configuration.</summary>
public sealed class TrainedConvertTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelCli _cli = new();

    private static string Eva => Directory.GetDirectories(GoldenSet.Trained.PathOf("eva/models")).Single();

    private static string Tcl => Directory.GetDirectories(GoldenSet.Trained.PathOf("tcl/models")).Single();

    [TrainedFact("eva")]
    public async Task The_shapes_of_an_EVA02_CLIP_tell_its_configuration()
    {
        _folder.Write("source/eva.pt", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(Eva)));
        AddVocabulary(Eva);
        var (exitCode, output, error) = await _cli.Run(["convert", _folder["source/eva.pt"], "--out", _folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("does not say by whom", output);
        Assert.Equal(["merges.txt", OpenClipModel.Config, OpenClipModel.Weights, "vocab.json"], FilesOf("out"));
        Assert.Equal(Segmentation.ClipConfig.Load(Eva), Segmentation.ClipConfig.Load(_folder["out"]));
        Segmentation.ClipModel.Load(_folder["out"], 1).Dispose();
        var shown = (await _cli.Run(["show", _folder["out"]])).Output;
        Assert.Contains("architecture  CLIPSelf/EVA02-CLIP, patch", shown);
        Assert.Contains("activation    SwiGLU (vision), GELU (text)", shown);
        Assert.Contains("methods       eva-clipself", shown);
    }

    [TrainedFact("tcl")]
    public async Task A_TCL_keeps_the_configuration_beside_it()
    {
        _folder.Write("source/tcl.pth", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(Tcl), "model"));
        AddVocabulary(Tcl);
        foreach (var name in (string[])["config.json", "preprocessor_config.json"])
            _folder.Write($"source/{name}", File.ReadAllBytes(Path.Combine(Tcl, name)));
        var (exitCode, _, error) = await _cli.Run(["convert", _folder["source/tcl.pth"], "--out", _folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Tcl, "config.json")), File.ReadAllBytes(_folder["out/config.json"]));
        Segmentation.ClipModel.Load(_folder["out"], 1).Dispose();
    }

    [TrainedFact("tcl")]
    public async Task The_shapes_of_a_TCL_tell_its_configuration_but_for_heads_which_are_of_width_64()
    {
        _folder.Write("source/tcl.pth", FakeScript.StateDictionary(OpenClipModel.TensorsAsStored(Tcl), "model"));
        AddVocabulary(Tcl);
        var (exitCode, _, error) = await _cli.Run(["convert", _folder["source/tcl.pth"], "--out", _folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "vocab.json"], FilesOf("out"));
        var (expected, actual) = (JsonNode.Parse(File.ReadAllText(Path.Combine(Tcl, "config.json")))!, JsonNode.Parse(File.ReadAllText(_folder["out/config.json"]))!);
        expected["heads"] = expected["width"]!.GetValue<int>() / 64;
        foreach (var (key, value) in expected.AsObject())
            Assert.True(JsonNode.DeepEquals(value, actual[key]), $"{key} is {actual[key]?.ToJsonString()}, expected {value?.ToJsonString()}");
        Segmentation.ClipModel.Load(_folder["out"], 1).Dispose();
        Assert.Contains("methods       tcl", (await _cli.Run(["show", _folder["out"]])).Output);
    }

    [TrainedFact("tcl")]
    public async Task A_TCL_without_its_decoder_is_refused_and_leaves_nothing()
    {
        var tensors = OpenClipModel.TensorsAsStored(Tcl);
        foreach (var name in tensors.Keys.Where(name => name.Contains("net.0", StringComparison.Ordinal)).ToList())
            tensors.Remove(name);
        _folder.Write("source/tcl.pth", FakeScript.StateDictionary(tensors, "model"));
        AddVocabulary(Tcl);
        var (exitCode, _, error) = await _cli.Run(["convert", _folder["source/tcl.pth"], "--out", _folder["out"]]);
        Assert.Equal(1, exitCode);
        Assert.Contains("decoder.net.0", error);
        Assert.Equal([_folder["source"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    private void AddVocabulary(string model)
    {
        foreach (var name in (string[])["vocab.json", "merges.txt"])
            _folder.Write($"source/{name}", File.ReadAllBytes(Path.Combine(model, name)));
    }

    private string?[] FilesOf(string folder) => [.. Directory.GetFiles(_folder[folder]).Select(Path.GetFileName).Order(StringComparer.Ordinal)];
}
