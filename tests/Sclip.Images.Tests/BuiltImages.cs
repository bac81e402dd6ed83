using Sclip.Testing;

namespace Sclip.Images.Tests;

/// <summary>The images, built for real by tools/build-images on base images of this machine, in a store that goes with the test run.</summary>
public sealed class BuiltImages : IAsyncLifetime
{
    private static readonly string[] Targets = ["worker", "dispatcher", "cli"];
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, Image> _images = [];

    internal string Store => _folder["images"];

    internal Image Worker => _images["worker"];

    internal Image Dispatcher => _images["dispatcher"];

    internal Image Cli => _images["cli"];

    internal IEnumerable<Image> All => _images.Values;

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            throw new InvalidOperationException("Images are built and started by root only: these tests mount file systems and change users.");
        var built = await Tool.ScriptAsync(Store, "build-images", ["--local", .. Targets]);
        if (built.ExitCode != 0)
            throw new InvalidOperationException($"tools/build-images ended with {built.ExitCode}:\n{built.Output}\n{built.Error}");
        foreach (var target in Targets)
        {
            var name = $"localhost/sclip/{target}:{typeof(BuiltImages).Assembly.GetName().Version!.ToString(3)}";
            var inspected = await Tool.BuildahAsync(Store, "inspect", "--type", "image", name);
            var container = (await Tool.BuildahAsync(Store, "from", name)).Trim();
            _images[target] = Image.Read(target, (await Tool.BuildahAsync(Store, "mount", container)).Trim(), inspected);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.ScriptAsync(Store, "remove-images");
        _folder.Dispose();
    }
}
