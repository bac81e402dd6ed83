using Sclip.Contracts;
using Sclip.Testing;
using Sclip.Worker.Models;

namespace Sclip.Cli.Tests.Models;

public sealed class ModelListAndShowTests
{
    [Fact]
    public async Task An_empty_cache_says_how_to_fill_it()
    {
        using var cli = new ModelCli();
        var (exitCode, output, _) = await cli.Run(["list"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("sclip model pull openai/clip-vit-base-patch16", output);
    }

    [Fact]
    public async Task Pulled_models_are_listed_with_size_and_commit()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        await cli.Pull();
        Directory.CreateDirectory(Path.Combine(cli.Cache.Models, "by--hand@v1.0"));
        Directory.CreateDirectory(Path.Combine(cli.Cache.Models, "something else"));
        var (exitCode, output, _) = await cli.Run(["list"]);
        Assert.Equal(0, exitCode);
        var lines = output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^by/hand@v1\.0 +0 B  - +\S+by--hand@v1\.0$", lines[0]);
        Assert.Matches(@"^org/tiny-clip +6\.3 MB  0123456789ab  \S+org--tiny-clip$", lines[1]);
    }

    [Fact]
    public async Task A_pulled_model_is_shown_by_its_id()
    {
        await using var hub = FakeHub.Start();
        using var cli = new ModelCli(hub.Endpoint);
        await cli.Pull();
        var (exitCode, output, _) = await cli.Run(["show", FakeHub.Id]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"pulled        {FakeHub.Id} at {FakeHub.Commit} from {hub.Endpoint}", output);
        Assert.Contains("weights       3.1 million, F16", output);
        Assert.Contains("on disk       6.3 MB", output);
    }

    [Fact]
    public async Task A_guide_is_shown_as_one()
    {
        using var cli = new ModelCli();
        using var folder = new TemporaryFolder();
        new FakeGuide("dinov2_with_registers").Fill().WriteTo(folder.Path);
        var (exitCode, output, _) = await cli.Run(["show", folder.Path]);
        Assert.Equal(0, exitCode);
        Assert.Contains("what it is    a guide", output);
        Assert.Contains("DINOv2 with 3 registers, patch 4", output);
    }

    [Fact]
    public async Task A_model_directory_is_shown_with_its_architecture()
    {
        using var cli = new ModelCli();
        foreach (var model in Golden.Models)
        {
            var (exitCode, output, _) = await cli.Run(["show", Golden.ModelDirectory(model)]);
            Assert.Equal(0, exitCode);
            var config = Segmentation.ClipConfig.Load(Golden.ModelDirectory(model));
            Assert.Contains($"patch {config.PatchSize}, pictures of {config.ImageSize} x {config.ImageSize}", output);
            Assert.Contains($"vision        layers {config.Vision.Layers}, width {config.Vision.Width}, heads {config.Vision.Heads}", output);
            Assert.Contains($"context {config.ContextLength}", output);
            Assert.Contains("F32", output);
            Assert.DoesNotContain("I64", output);
        }
    }

    [Theory]
    [InlineData("org/none", "`sclip model pull org/none` downloads it")]
    [InlineData("none", "neither a directory nor a model id")]
    public async Task What_is_not_there_is_refused_with_what_to_do(string model, string expected)
    {
        using var cli = new ModelCli();
        var (exitCode, _, error) = await cli.Run(["show", model]);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task A_directory_that_is_no_model_is_refused()
    {
        using var cli = new ModelCli();
        var (exitCode, _, error) = await cli.Run(["show", cli.CacheRoot]);
        Assert.Equal(1, exitCode);
        Assert.Contains("config.json is missing", error);
    }

    [Theory]
    [InlineData("SCLIP_CACHE", "/a", "/a")]
    [InlineData("XDG_CACHE_HOME", "/a", "/a/sclip")]
    public void The_cache_lies_where_the_environment_says(string variable, string value, string expected) =>
        Assert.Equal(Path.GetFullPath(expected), ModelCache.Of(name => name == variable ? value : null).Root);

    [Fact]
    public void Without_a_word_the_cache_lies_in_the_home() =>
        Assert.EndsWith(Path.Combine(".cache", "sclip"), ModelCache.Of(_ => null).Root);

    [Fact]
    public void A_directory_wins_over_a_pulled_model()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["org/clip"]);
        Assert.Equal(folder["org/clip"], new ModelCache(folder.Path).Resolve(folder["org/clip"]));
    }

    [Theory]
    [InlineData("openai/clip-vit-base-patch16", "openai--clip-vit-base-patch16")]
    [InlineData("a/b@main", "a--b")]
    [InlineData("a/b@refs/pr/3", "a--b@refs%2Fpr%2F3")]
    public void An_id_and_its_folder_stand_for_each_other(string id, string folder)
    {
        Assert.Equal(folder, ModelId.TryParse(id)!.DirectoryName);
        Assert.Equal(ModelId.TryParse(id), ModelId.TryParseDirectoryName(folder));
    }
}
