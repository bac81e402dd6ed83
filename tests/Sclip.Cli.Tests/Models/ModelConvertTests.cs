using Sclip.Testing;

namespace Sclip.Cli.Tests.Models;

public sealed class ModelConvertTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelCli _cli = new();

    public ModelConvertTests() => Write("source", FakeModel.CheckpointFiles());

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("source", false)]
    [InlineData("source/pytorch_model.bin", false)]
    [InlineData("source", true)]
    public async Task A_directory_or_a_file_becomes_a_model_directory(string source, bool intoEmptyFolder)
    {
        if (intoEmptyFolder)
            Directory.CreateDirectory(_folder["out"]);
        var (exitCode, output, error) = await Convert(source);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"The model is in {_folder["out"]}", output);
        Assert.Equal(FakeModel.Small().Keys.Append(FakeModel.Weights).Order(StringComparer.Ordinal), Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["out", "source"], Entries());
        Assert.True(File.Exists(_folder["source/pytorch_model.bin"]));
        Assert.Contains("F32", (await _cli.Run(["show", _folder["out"]])).Output);
    }

    [Fact]
    public async Task Shards_are_found_by_their_index_and_give_the_bytes_that_one_file_gives()
    {
        Write("sharded", FakeModel.ShardedCheckpointFiles());
        Assert.Equal(0, (await Convert("sharded")).ExitCode);
        Assert.Equal(0, (await Convert("source", "other")).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["other/model.safetensors"]), File.ReadAllBytes(_folder["out/model.safetensors"]));
    }

    [Fact]
    public async Task The_small_files_of_transformers_5_come_along()
    {
        var files = FakeModel.Transformers5Files();
        files.Remove(FakeModel.Weights);
        Write("later", new(files) { [FakeModel.Checkpoint] = FakeCheckpoint.Of("plain.bin") });
        var (exitCode, _, error) = await Convert("later");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(["config.json", FakeModel.Weights, "processor_config.json", "tokenizer.json"], Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_text_tower_of_another_tokenizer_is_refused_by_its_name()
    {
        File.Delete(_folder["source/vocab.json"]);
        _folder.Write("source/spiece.model", "");
        await Fails("source", "spiece.model: the text tower reads SentencePiece tokens");
        Assert.Equal(["source"], Entries());
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_stays_as_it_is()
    {
        _folder.Write("out/mine", "");
        await Fails("source", "out is not empty. Choose another --out");
        Assert.Equal("mine", Path.GetFileName(Assert.Single(Directory.GetFiles(_folder["out"]))));
    }

    [Fact]
    public async Task A_missing_file_of_the_model_is_named()
    {
        File.Delete(_folder["source/merges.txt"]);
        await Fails("source", "merges.txt is missing; a model or a guide is a directory in the layout of Hugging Face or OpenCLIP");
        Assert.Equal(["source"], Entries());
    }

    [Theory]
    [InlineData("nothing", "nothing does not exist")]
    [InlineData("empty", "empty has no pytorch_model.bin")]
    [InlineData("converted", "safetensors already")]
    public async Task What_is_no_source_is_said(string source, string expected)
    {
        Directory.CreateDirectory(_folder["empty"]);
        _folder.Write("converted/model.safetensors", "");
        await Fails(source, expected);
    }

    [Fact]
    public async Task A_refused_checkpoint_leaves_nothing()
    {
        File.Copy(FakeCheckpoint.PathOf("module.bin"), _folder["source/pytorch_model.bin"], overwrite: true);
        await Fails("source", "names torch.nn.modules.linear.Linear");
        Assert.Equal(["source"], Entries());
    }

    [Fact]
    public async Task An_interrupted_conversion_leaves_nothing()
    {
        await _cli.Stop.CancelAsync();
        var (exitCode, _, error) = await Convert("source");
        Assert.Equal(130, exitCode);
        Assert.Contains("Stopped. Nothing was written.", error);
        Assert.Equal(["source"], Entries());
    }

    private Task<(int ExitCode, string Output, string Error)> Convert(string source, string target = "out") => _cli.Run(["convert", _folder[source], "--out", _folder[target]]);

    private async Task Fails(string source, string expected)
    {
        var (exitCode, _, error) = await Convert(source);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("sclip: ", error);
        Assert.Contains(expected, error);
    }

    private string?[] Entries() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    private void Write(string folder, Dictionary<string, byte[]> files)
    {
        foreach (var (name, content) in files)
            _folder.Write($"{folder}/{name}", content);
    }
}
