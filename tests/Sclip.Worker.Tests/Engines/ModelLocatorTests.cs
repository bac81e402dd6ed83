using Sclip.Testing;
using Sclip.Worker.Engines;

namespace Sclip.Worker.Tests.Engines;

public sealed class ModelLocatorTests
{
    [Theory]
    [InlineData("org/a", "org/a", "models/org/a")]
    [InlineData("org/b", "org--b", "models/org--b")]
    [InlineData("org/c@v1", "org/c@v1", "models/org/c@v1")]
    [InlineData("org/c@refs/pr/3", "org--c@refs%2Fpr%2F3", "models/org--c@refs%2Fpr%2F3")]
    public async Task The_model_folder_has_models_nested_or_flat(string id, string folder, string expected)
    {
        using var fixture = new EngineFixture();
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"] };
        Directory.CreateDirectory(Path.Combine(fixture.Folder["models"], folder));
        Assert.Equal(fixture.Folder[expected], await fixture.Locate(id));
    }

    [Fact]
    public async Task The_model_folder_comes_before_the_cache_and_the_cache_before_the_hub()
    {
        await using var hub = FakeHub.Start();
        using var fixture = new EngineFixture(hub.Endpoint);
        fixture.Options = fixture.Options with { ModelFolder = fixture.Folder["models"] };
        var cached = fixture.Folder["cache/models/org--tiny-clip"];
        Assert.Equal(cached, await fixture.Locate(FakeHub.Id));
        var requests = hub.Requests.Count;
        Assert.Equal(cached, await fixture.Locate(FakeHub.Id));
        Directory.CreateDirectory(fixture.Folder["models/org/tiny-clip"]);
        Assert.Equal(fixture.Folder["models/org/tiny-clip"], await fixture.Locate(FakeHub.Id));
        Assert.Equal(requests, hub.Requests.Count);
    }

    [Fact]
    public async Task A_model_that_is_not_here_is_refused_where_none_are_pulled()
    {
        await using var hub = FakeHub.Start();
        using var fixture = new EngineFixture(hub.Endpoint);
        fixture.Options = fixture.Options with { PullModels = false };
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Locate(FakeHub.Id));
        Assert.Contains("Worker:PullModels is off", error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(EngineFixture.Models, "org", "tiny-clip"), error.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    [Theory]
    [InlineData(401, "set HF_TOKEN")]
    [InlineData(403, "accept its licence")]
    [InlineData(404, "has no model 'org/tiny-clip'")]
    public async Task What_the_hub_refuses_fails_the_job_at_once(int status, string expected)
    {
        await using var hub = FakeHub.Start();
        hub.Next("", status);
        using var fixture = new EngineFixture(hub.Endpoint);
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Locate(FakeHub.Id));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task A_hub_that_has_no_CLIP_there_fails_the_job()
    {
        var files = FakeModel.Files();
        files["config.json"] = """{"model_type": "bert"}"""u8.ToArray();
        await using var hub = FakeHub.Start(files);
        using var fixture = new EngineFixture(hub.Endpoint);
        Assert.Contains("config.json", (await Assert.ThrowsAsync<JobException>(() => fixture.Locate(FakeHub.Id))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_that_asks_for_more_than_weights_fails_the_job_with_what_it_asks_for()
    {
        var hostile = FakeCheckpoint.Zip(("data.pkl", new FakePickle().Name("posix", "system").End()));
        await using var hub = FakeHub.Start(new(FakeModel.Small()) { [FakeModel.Checkpoint] = hostile });
        using var fixture = new EngineFixture(hub.Endpoint);
        Assert.Contains("names posix.system", (await Assert.ThrowsAsync<JobException>(() => fixture.Locate(FakeHub.Id))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_may_be_later()
    {
        using var fixture = new EngineFixture("http://127.0.0.1:1");
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Locate(FakeHub.Id));
        Assert.Contains("127.0.0.1 cannot be reached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_no_fault_of_the_job()
    {
        await using var hub = FakeHub.Start();
        using var fixture = new EngineFixture(hub.Endpoint);
        fixture.Folder.Write("cache", "a file");
        var error = await Assert.ThrowsAsync<ModelUnavailableException>(() => fixture.Locate(FakeHub.Id));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("../model")]
    [InlineData("demo/..")]
    [InlineData("demo/../demo/model")]
    [InlineData("./demo/model")]
    [InlineData("demo//model")]
    [InlineData("demo\\model")]
    [InlineData("C:/model")]
    [InlineData("demo--model")]
    [InlineData("demo/model/")]
    [InlineData("demo/%2e%2e")]
    [InlineData("demo/model\0")]
    [InlineData("demo/model@../../x")]
    [InlineData("")]
    public async Task What_is_no_id_is_refused(string id)
    {
        using var fixture = new EngineFixture();
        Assert.Contains("is no model id", (await Assert.ThrowsAsync<JobException>(() => fixture.Locate(id))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_the_machine_is_no_id_and_a_long_one_is_not_repeated_whole()
    {
        using var fixture = new EngineFixture();
        await Assert.ThrowsAsync<JobException>(() => fixture.Locate(Path.Combine(EngineFixture.Models, "demo", "model")));
        var error = await Assert.ThrowsAsync<JobException>(() => fixture.Locate("x\r\n\u001b[2J" + new string('y', 100_000)));
        Assert.True(error.Message.Length < 500);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }
}
