using Sclip.Testing;

namespace Sclip.Images.Tests;

/// <summary>The image of the command.</summary>
public sealed class CommandImageTests(BuiltImages images) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_labels_a_picture()
    {
        _folder.Write("in/scene.png", File.ReadAllBytes(Path.Combine(Repository.Root, "models", "demo", "pictures", "scene-1.png")));
        Share.WithAll(_folder);
        var (code, output) = await RunAsync([$"{_folder.Path}:/mnt"], [], "label", "/mnt/in", "--model", "/app/models/demo/model", "--labels", "grass, sky, a house", "--overlay", "--out", "/mnt/out");
        Assert.True(code == 0, output);
        Assert.Equal("PNG"u8.ToArray(), (await File.ReadAllBytesAsync(_folder["out/masks/scene.png.png"], TestContext.Current.CancellationToken))[1..4]);
        Assert.Single(Directory.GetFiles(_folder["out/overlays"]));
    }

    [Fact]
    public async Task It_pulls_a_model_into_the_volume_as_before_a_worker_starts()
    {
        await using var hub = FakeHub.Start();
        Share.WithAll(_folder);
        var (code, output) = await RunAsync([$"{_folder.Path}:/models"], new() { ["HF_ENDPOINT"] = hub.Endpoint }, "model", "pull", FakeHub.Id);
        Assert.True(code == 0, output);
        Assert.Equal(hub.Files["config.json"], await File.ReadAllBytesAsync(_folder["models/org--tiny-clip/config.json"], TestContext.Current.CancellationToken));
    }

    private Task<(int ExitCode, string Output)> RunAsync(string[] mounts, Dictionary<string, string> settings, params string[] arguments) =>
        Container.RunAsync(images.Cli, settings, mounts, [.. images.Cli.Entrypoint, .. arguments]);
}
