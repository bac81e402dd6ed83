using Sclip.Contracts;
using Sclip.Testing;
using Sclip.Worker.Models;
using static Sclip.Cli.Tests.Models.ModelPullTests;

namespace Sclip.Cli.Tests.Models;

/// <summary>Models whose weights the hub has as PyTorch saves them.</summary>
public sealed class ModelPullCheckpointTests
{
    private const string Checkpoint = FakeModel.Checkpoint, FirstShard = "pytorch_model-00001-of-00002.bin";

    [Fact]
    public async Task Weights_of_PyTorch_are_converted_and_not_kept()
    {
        await using var hub = FakeHub.Start(FakeModel.CheckpointFiles());
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, output, error) = await cli.Pull();
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains($"{Checkpoint}: 2.3 kB, complete", output);
        Assert.Contains($"{FakeModel.Weights}: 236 B, complete", output);
        await AssertConverted(hub, cli);
    }

    [Fact]
    public async Task Shards_of_PyTorch_become_one_file()
    {
        await using var hub = FakeHub.Start(FakeModel.ShardedCheckpointFiles());
        using var cli = new ModelCli(hub.Endpoint);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        await AssertConverted(hub, cli);
    }

    [Fact]
    public async Task Safetensors_win_where_both_are_there()
    {
        var files = FakeModel.Files();
        files[Checkpoint] = FakeCheckpoint.Of("plain.bin");
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        Assert.Empty(hub.RequestsOf(Checkpoint));
        Assert.Equal(files[FakeModel.Weights], File.ReadAllBytes(Path.Combine(cli.ModelDirectory, FakeModel.Weights)));
        Assert.False(File.Exists(Path.Combine(cli.ModelDirectory, Checkpoint)));
    }

    [Fact]
    public async Task A_broken_download_of_a_checkpoint_goes_on_and_what_is_downloaded_stays_for_the_next_pull()
    {
        await using var hub = FakeHub.Start(FakeModel.ShardedCheckpointFiles());
        using var cli = new ModelCli(hub.Endpoint);
        hub.NextBreaksAfter("pytorch_model-00002-of-00002.bin", 1000);
        cli.OnWait = cli.Stop.Cancel;
        Assert.Equal(130, (await cli.Run(["pull", FakeHub.Id])).ExitCode);
        cli.OnWait = () => { };
        cli.Stop = new CancellationTokenSource();
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        Assert.Single(hub.RequestsOf(FirstShard));
        Assert.Equal("bytes=1000-", hub.RequestsOf("pytorch_model-00002-of-00002.bin").Last().Range);
        await AssertConverted(hub, cli);
    }

    [Fact]
    public async Task A_checkpoint_of_another_checksum_is_refused_unconverted()
    {
        await using var hub = FakeHub.Start(FakeModel.CheckpointFiles());
        using var cli = new ModelCli(hub.Endpoint);
        for (var i = 0; i < 2; i++)
            hub.Next(Checkpoint, exchange => exchange.SendContent([.. exchange.Content[..^1], (byte)~exchange.Content[^1]]));
        await AssertFails(cli, $"{Checkpoint} of 'org/tiny-clip' has another checksum");
    }

    [Theory]
    [InlineData(FakeModel.Checkpoint)]
    [InlineData(FakeModel.Weights)]
    public async Task A_pointer_of_Git_LFS_on_the_hub_is_called_that(string file)
    {
        await using var hub = FakeHub.Start(new(FakeModel.Small()) { [file] = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 605247071\n"u8.ToArray() });
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, $"{file} is a Git LFS pointer, not the weights");
    }

    [Fact]
    public async Task A_checkpoint_that_asks_for_more_than_weights_is_refused_with_what_it_asks_for()
    {
        var hostile = FakeCheckpoint.Zip(("data.pkl", new FakePickle().Name("posix", "system").End()));
        await using var hub = FakeHub.Start(new(FakeModel.Small()) { [Checkpoint] = hostile });
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, "names posix.system");
        await AssertFails(cli, "names posix.system");
        Assert.Single(hub.RequestsOf(Checkpoint));
    }

    [Fact]
    public async Task Room_is_asked_for_the_checkpoint_and_for_what_it_becomes()
    {
        await using var hub = FakeHub.Start(FakeModel.CheckpointFiles());
        using var cli = new ModelCli();
        using var client = new HubClient(hub.Endpoint, null);
        var pull = new ModelPull(cli.Cache, client) { FreeSpace = _ => 4000 };
        var error = await Assert.ThrowsAsync<ModelHubException>(() => pull.Run(ModelId.TryParse(FakeHub.Id)!, force: false, TestContext.Current.CancellationToken));
        Assert.Contains("needs 4.6 kB more", error.Message);
        Assert.Empty(hub.RequestsOf(Checkpoint));
    }

    private static async Task AssertConverted(FakeHub hub, ModelCli cli)
    {
        var expected = FakeModel.Small().Keys.Append(".source.json").Append(FakeModel.Weights).Order(StringComparer.Ordinal);
        Assert.Equal(expected, Directory.GetFiles(cli.ModelDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(cli.CacheRoot, "partial")));
        var (exitCode, output, _) = await cli.Run(["show", FakeHub.Id]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"at {FakeHub.Commit} from {hub.Endpoint}", output);
        Assert.Contains("weights       0.0 million, F32", output);
    }
}
