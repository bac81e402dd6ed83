using Sclip.Contracts;
using Sclip.Testing;
using Sclip.Worker.Models;

namespace Sclip.Cli.Tests.Models;

public sealed class ModelPullTests
{
    private const string Weights = FakeModel.Weights;

    [Fact]
    public async Task A_model_is_pulled_whole_and_nothing_else_is()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, output, error) = await cli.Pull();
        Assert.Equal((0, ""), (exitCode, error));
        AssertPulled(hub, cli);
        Assert.Contains($"org/tiny-clip is in {cli.ModelDirectory}", output);
        Assert.Contains($"{Weights}: 6.3 MB, complete", output);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(cli.CacheRoot, "partial")));
        Assert.Single(hub.RequestsOf(Weights));
        Assert.Empty(cli.Waits);
    }

    [Fact]
    public async Task A_guide_is_pulled_without_vocabulary()
    {
        using var folder = new TemporaryFolder();
        new FakeGuide("vit").Fill().WriteTo(folder.Path);
        var files = Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, _, error) = await cli.Pull();
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(4, Segmentation.GuideConfig.Load(cli.ModelDirectory).PatchSize);
    }

    [Fact]
    public async Task What_is_there_is_pulled_anew_only_by_force()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        await cli.Pull();
        var requests = hub.Requests.Count;
        var again = await cli.Pull();
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("is in the cache already", again.Output);
        Assert.Equal(requests, hub.Requests.Count);
        hub.Files["merges.txt"] = [.. hub.Files["merges.txt"], (byte)'\n'];
        Assert.Equal(0, (await cli.Pull("--force")).ExitCode);
        AssertPulled(hub, cli);
    }

    [Fact]
    public async Task The_endpoint_option_wins_over_the_environment()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli("http://127.0.0.1:1");
        Assert.Equal(0, (await cli.Pull("--endpoint", hub.Endpoint + "/")).ExitCode);
    }

    [Fact]
    public async Task A_sharded_model_is_pulled_with_its_index()
    {
        await using var hub = FakeHub.Start(FakeModel.ShardedFiles());
        using var cli = new ModelCli(hub.Endpoint);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        AssertPulled(hub, cli);
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "../../evil.safetensors"}}""", "has no ../../evil.safetensors")]
    [InlineData("""{"weight_map": 7}""", "no index of shards")]
    [InlineData("""{"weight_map": {"a": null}}""", "no index of shards")]
    [InlineData("""{"weight_map": {}}""", "no index of shards")]
    [InlineData("[", "no index of shards")]
    public async Task A_bad_index_is_refused(string index, string expected)
    {
        var files = FakeModel.ShardedFiles();
        files[FakeModel.Index] = System.Text.Encoding.UTF8.GetBytes(index);
        files["../../evil.safetensors"] = files["model-00001-of-00002.safetensors"];
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, expected);
    }

    [Fact]
    public async Task What_transformers_5_saved_is_pulled()
    {
        await using var hub = FakeHub.Start(FakeModel.Transformers5Files());
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, _, error) = await cli.Pull();
        Assert.Equal((0, ""), (exitCode, error));
        AssertPulled(hub, cli);
        Assert.True(File.Exists(Path.Combine(cli.ModelDirectory, "tokenizer.json")));
        Assert.False(File.Exists(Path.Combine(cli.ModelDirectory, "vocab.json")));
    }

    [Fact]
    public async Task Of_a_vocabulary_that_is_there_in_both_ways_the_earlier_is_pulled()
    {
        await using var hub = FakeHub.Start(new(FakeModel.Transformers5Files().Concat(FakeModel.Files()).DistinctBy(file => file.Key)));
        using var cli = new ModelCli(hub.Endpoint);
        Assert.Equal(0, (await cli.Pull()).ExitCode);
        Assert.Empty(hub.RequestsOf("tokenizer.json"));
        Assert.Equal(
            [".source.json", "config.json", "merges.txt", Weights, "preprocessor_config.json", "processor_config.json", "tokenizer_config.json", "vocab.json"],
            Directory.GetFiles(cli.ModelDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Another_tokenizer_is_refused_before_the_weights_are_downloaded()
    {
        var files = FakeModel.Transformers5Files();
        files["tokenizer.json"] = """{"model": {"type": "Unigram", "vocab": [["a", 0]]}}"""u8.ToArray();
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, "the tokenizer's model is Unigram (SentencePiece)");
        Assert.Empty(hub.RequestsOf(Weights));
    }

    [Theory]
    [InlineData("config.json", "has no config.json; it is no CLIP")]
    [InlineData("vocab.json", "has neither vocab.json and merges.txt nor tokenizer.json; it is no CLIP")]
    [InlineData("preprocessor_config.json", "has neither preprocessor_config.json nor processor_config.json; it is no CLIP")]
    [InlineData(Weights, "has neither model.safetensors nor pytorch_model.bin at this revision")]
    public async Task A_model_without_a_needed_file_is_refused(string file, string expected)
    {
        var files = FakeModel.Files();
        files.Remove(file);
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, expected);
    }

    [Fact]
    public async Task What_is_no_CLIP_is_refused_before_its_weights_are_downloaded()
    {
        var files = FakeModel.Files();
        files["config.json"] = """{"model_type": "bert"}"""u8.ToArray();
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, "model_type is 'bert'");
        Assert.Empty(hub.RequestsOf(Weights));
    }

    [Fact]
    public async Task Weights_that_are_no_safetensors_are_not_placed()
    {
        var files = FakeModel.Files();
        files[Weights] = new byte[100];
        files[Weights][5] = 1;
        await using var hub = FakeHub.Start(files);
        using var cli = new ModelCli(hub.Endpoint);
        await AssertFails(cli, "no safetensors file");
    }

    [Fact]
    public async Task Too_little_space_is_said_before_the_download()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli();
        using var client = new HubClient(hub.Endpoint, null);
        var pull = new ModelPull(cli.Cache, client) { FreeSpace = _ => 6_000_000 };
        var error = await Assert.ThrowsAsync<ModelHubException>(
            () => pull.Run(ModelId.TryParse(FakeHub.Id)!, force: false, TestContext.Current.CancellationToken));
        Assert.Contains("needs 6.3 MB more", error.Message);
        Assert.Contains("6 MB free", error.Message);
        Assert.Empty(hub.RequestsOf(Weights));
    }

    [Fact]
    public async Task Sizes_beyond_all_disks_are_too_much()
    {
        await using var hub = FakeHub.Start(FakeModel.ShardedFiles());
        using var cli = new ModelCli(hub.Endpoint);
        var siblings = string.Join(", ", hub.Files.Select(file =>
            $$"""{"rfilename": "{{file.Key}}"{{(file.Key.StartsWith("model-", StringComparison.Ordinal) ? $", \"size\": {long.MaxValue}" : "")}}}"""));
        hub.Next("", exchange => exchange.Send(200, [], System.Text.Encoding.UTF8.GetBytes($$"""{"sha": "{{FakeHub.Commit}}", "siblings": [{{siblings}}]}""")));
        await AssertFails(cli, "make room");
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_said()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        File.WriteAllText(Path.Combine(cli.CacheRoot, "partial"), "");
        await AssertFails(cli, $"The cache in {cli.CacheRoot} cannot be written");
    }

    [Fact]
    public async Task Concurrent_pulls_download_once()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        var (began, secondWaits) = (new TaskCompletionSource(), new TaskCompletionSource());
        hub.Next(Weights, async exchange =>
        {
            began.SetResult();
            await secondWaits.Task;
            await exchange.SendContent(exchange.Content);
        });
        var first = cli.Pull();
        await began.Task;
        cli.OnWait = () => secondWaits.TrySetResult();
        var second = cli.Pull();
        Assert.Equal(0, (await first).ExitCode);
        Assert.Equal(0, (await second).ExitCode);
        Assert.Contains("another pull of 'org/tiny-clip' is under way", (await second).Output);
        Assert.Single(hub.RequestsOf(Weights));
        AssertPulled(hub, cli);
    }

    [Theory]
    [InlineData("clip")]
    [InlineData("../clip")]
    [InlineData("org/..")]
    [InlineData("org/a/b")]
    [InlineData("/org/clip")]
    [InlineData("org/clip@../main")]
    [InlineData("org/clip?x")]
    [InlineData("org--x/clip")]
    [InlineData("")]
    public async Task What_is_no_id_is_refused_without_a_request(string id)
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        var (exitCode, _, error) = await cli.Run(["pull", id]);
        Assert.Equal(1, exitCode);
        Assert.Contains($"'{id}' is no model id", error);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("host")]
    public async Task An_endpoint_that_is_no_address_is_refused(string endpoint)
    {
        using var cli = new ModelCli(endpoint);
        await AssertFails(cli, $"The endpoint '{endpoint}' is no address");
    }

    internal static void AssertPulled(FakeHub hub, ModelCli cli)
    {
        var expected = hub.Files.Keys.Except(["README.md"]).Append(".source.json").Order(StringComparer.Ordinal);
        Assert.Equal(expected, Directory.GetFiles(cli.ModelDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(hub.Files.Where(file => file.Key != "README.md"), file => Assert.Equal(file.Value, File.ReadAllBytes(Path.Combine(cli.ModelDirectory, file.Key))));
    }

    internal static async Task AssertFails(ModelCli cli, string expected)
    {
        var (exitCode, _, error) = await cli.Pull();
        Assert.Equal(1, exitCode);
        Assert.StartsWith("sclip: ", error);
        Assert.Contains(expected, error);
        Assert.False(Directory.Exists(cli.ModelDirectory));
    }
}
