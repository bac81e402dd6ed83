using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Images.Tests;

/// <summary>The worker's image at work.</summary>
public sealed class WorkerImageTests(BuiltImages images, Servers servers) : IDisposable
{
    private readonly TemporaryFolder _models = new(), _out = new();
    private readonly int _port = FreePort.Next();

    public void Dispose()
    {
        _models.Dispose();
        _out.Dispose();
    }

    [Fact]
    public async Task It_labels_a_job_on_a_read_only_root_without_rights_and_ends_well_when_told_to()
    {
        Share.WithAll(_out);
        using var worker = StartWorker();
        await worker.AnswersAsync($"http://127.0.0.1:{_port}/healthz/ready");

        var status = worker.Status;
        Assert.Equal("10001\t10001\t10001\t10001", status["Uid"]);
        Assert.Equal("10001\t10001\t10001\t10001", status["Gid"]);
        Assert.Equal("0000000000000000", status["CapEff"]);
        Assert.EndsWith("\t1", status["NSpid"], StringComparison.Ordinal);

        var (code, answer) = await Health();
        Assert.Equal(0, code);
        Assert.Contains("\"status\":\"healthy\"", answer, StringComparison.Ordinal);

        await CommandAsync("upload", "/app/models/demo/pictures", "--to", "photos/demo");
        var submitted = await CommandAsync("submit", "--input", "photos/demo", "--labels", "/app/models/demo/labels.json", "--model", "demo/model", "--shard-size", "3");
        // Of what it writes, the id is the line without a space.
        var job = submitted.Split('\n').Single(line => !line.Contains(' ', StringComparison.Ordinal));
        await CommandAsync("watch", job);
        await CommandAsync("results", job, "--out", "/mnt/results");
        var pictures = Directory.GetFiles(Path.Combine(Repository.Root, "models", "demo", "pictures"));
        var masks = Directory.GetFiles(_out["results/masks"], "*.png", SearchOption.AllDirectories);
        Assert.Equal(pictures.Select(picture => $"{Path.GetFileName(picture)}.png").Order(StringComparer.Ordinal), masks.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(masks, mask => Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(mask)[1..4]));

        await worker.TerminateAsync();
        Assert.True(worker.ExitCode == 0, $"{worker.ExitCode}: {worker.Output}");
    }

    [Fact]
    public async Task Its_health_command_fails_and_says_why_while_the_worker_is_not_ready()
    {
        var (code, answer) = await Health();
        Assert.Equal(1, code);
        Assert.Contains($"http://127.0.0.1:{_port}/ does not answer", answer, StringComparison.Ordinal);

        using var worker = StartWorker(("SCLIP_WORKER__PRELOAD", "nobody/nothing"));
        await worker.AnswersAsync($"http://127.0.0.1:{_port}/healthz/live");
        (code, answer) = await Health();
        Assert.Equal(1, code);
        Assert.Contains("\"status\":\"unhealthy\"", answer, StringComparison.Ordinal);
        Assert.Contains("nobody/nothing", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SCLIP_BROKER__URI")]
    [InlineData("SCLIP_STORE__CONNECTION")]
    public async Task It_stops_at_once_where_a_setting_is_missing_and_names_it(string key)
    {
        var settings = servers.Settings(_port);
        settings.Remove(key);
        var (code, output) = await Container.RunAsync(images.Worker, settings, [], images.Worker.Entrypoint);
        Assert.Equal(1, code);
        Assert.Contains(key, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_its_root_can_be_written()
    {
        var (code, output) = await Container.RunAsync(images.Worker, new Dictionary<string, string>(), [], "touch", "/app/file");
        Assert.NotEqual(0, code);
        Assert.Contains("Read-only file system", output, StringComparison.Ordinal);
        // And where a runtime leaves the root writable, the user may write no more than the folders that are everybody's, the volume, and the place of caches.
        (_, output) = await Container.RunAsync(
            images.Worker, new Dictionary<string, string>(), [], "find", "/", "-xdev", "(", "-user", "10001", "-o", "-group", "10001", "-o", "-perm", "-o+w", ")", "-not", "-type", "l");
        Assert.Equal(["/models", "/run/lock", "/tmp", "/var/cache/sclip", "/var/tmp"], output.Split('\n').Where(line => line.StartsWith('/')).Order(StringComparer.Ordinal));
    }

    private Container StartWorker(params (string Name, string Value)[] more)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "models", "demo", "model")))
            _models.Write($"demo/model/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        Share.WithAll(_models);
        var settings = servers.Settings(_port);
        (settings["SCLIP_WORKER__MODELFOLDER"], settings["SCLIP_WORKER__PULLMODELS"], settings["SCLIP_WORKER__PRELOAD"]) = ("/models", "false", "demo/model");
        foreach (var (name, value) in more)
            settings[name] = value;
        return Container.Start(images.Worker, settings, [$"{_models.Path}:/models:ro"]);
    }

    private Task<(int ExitCode, string Output)> Health() => Container.RunAsync(images.Worker, servers.Settings(_port), [], images.Worker.HealthCheck[1..]);

    /// <summary>Runs the command of the image cli, which must do what it is told.</summary>
    /// <returns>What it wrote.</returns>
    private async Task<string> CommandAsync(params string[] arguments)
    {
        var (code, output) = await Container.RunAsync(images.Cli, servers.Settings(_port), [$"{_out.Path}:/mnt"], [.. images.Cli.Entrypoint, .. arguments]);
        Assert.True(code == 0, $"sclip {string.Join(' ', arguments)} ended with {code}: {output}");
        return output.Trim();
    }
}
