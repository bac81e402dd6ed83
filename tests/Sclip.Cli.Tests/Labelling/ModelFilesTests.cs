using Sclip.Testing;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>Labels by the demo model in the files of another version of transformers.</summary>
public sealed class ModelFilesTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public ModelFilesTests()
    {
        _cli.Picture("in/a.png", 7);
        foreach (var file in Directory.GetFiles(SclipCli.Model))
            _cli.Folder.Write($"model/{Path.GetFileName(file)}", File.ReadAllBytes(file));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_model_that_transformers_5_saved_gives_the_same_masks()
    {
        Transformers5.Convert(_cli.Folder["model"]);
        await AssertSameMasksAsync(await LabelAsync(_cli.Folder["model"], "later"));
    }

    [Fact]
    public async Task Files_that_disagree_are_warned_of_and_the_earlier_are_read()
    {
        _cli.Folder.Write("model/processor_config.json", """{"image_processor": {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}}""");
        _cli.Folder.Write("model/tokenizer.json", """{"model": {"type": "Unigram"}}""");
        var (code, error) = await LabelAsync(_cli.Folder["model"], "later");
        Assert.Contains("warning: preprocessor_config.json is read, and processor_config.json beside it is not the same: ", error);
        Assert.Contains("warning: vocab.json and merges.txt are read, and tokenizer.json beside them is not the same: ", error);
        await AssertSameMasksAsync((code, ""));
    }

    private async Task AssertSameMasksAsync((int ExitCode, string Error) later)
    {
        Assert.Equal((0, ""), later);
        Assert.Equal((0, ""), await LabelAsync(SclipCli.Model, "demo"));
        Assert.Equal(File.ReadAllBytes(_cli.Folder["demo/masks/a.png.png"]), File.ReadAllBytes(_cli.Folder["later/masks/a.png.png"]));
    }

    private async Task<(int ExitCode, string Error)> LabelAsync(string model, string output)
    {
        var (code, _, error) = await SclipCli.Run(["label", _cli.Folder["in"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", model, "--out", _cli.Folder[output]], decoder: _cli.Decoder);
        return (code, error);
    }
}
