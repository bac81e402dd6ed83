using Microsoft.Playwright;
using Sclip.Contracts.Jobs;
using Sclip.Dashboard.Tests;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Tests.Page;

/// <summary>Tests that look at the page one after the other: each measures or awaits what others would slow down.</summary>
[CollectionDefinition(nameof(PageTests))]
public sealed class PageTests : ICollectionFixture<PageFixture>;

/// <summary>A real Chromium, and the demo's model for sessions to look at its pictures with.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    /// <summary>A name that is a script to whoever takes it for markup.</summary>
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>";

    private static readonly string Demo = Path.Combine(Repository.Root, "models", "demo");

    private readonly ManagedDevice _device = new();
    private readonly WatchedBrowser _browser = new();
    private WorkbenchEngine? _engine;

    public async ValueTask InitializeAsync()
    {
        _engine = new WorkbenchEngine(((IEngineDevice)_device).LoadModel(Path.Combine(Demo, "model"), Environment.ProcessorCount), _device);
        await _browser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _engine?.Dispose();
    }

    /// <summary>A session of its own over the demo's pictures and one that is none, and a window that looks at it.</summary>
    public async Task<Bench> OpenAsync(int width = 1300, int height = 900, ColorScheme scheme = ColorScheme.Light, string labels = "grass, sky, water, brick, wood", bool hasTruth = true)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "truth"));
        foreach (var picture in Directory.EnumerateFiles(Path.Combine(Demo, "pictures")))
        {
            var name = Path.GetFileName(picture);
            File.Copy(picture, Path.Combine(folder.Path, name));
            // By the picture's whole name, with its ending.
            File.Copy(Path.Combine(Demo, "ground-truth", name), Path.Combine(folder.Path, "truth", name + ".png"));
        }
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "z-broken.jpg"), [1, 2, 3]);
        var store = new FileBlobStore(folder.Path);
        var model = _engine!.Model;
        var session = new Session("one", new SessionSetup
        {
            Title = "demo",
            Model = "models/demo/model",
            Options = PipelineOptions.Of(new JobSettings(), model.Defaults, ImageLimits.Default, null, 1),
            Templates = model.Defaults.Templates!,
            Pictures = [.. Directory.EnumerateFiles(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).Select(name => new PictureReference(name, store, name))],
            Labels = LabelReader.Load(labels).Set.Classes,
            Truth = !hasTruth ? null : new SessionTruth(new MaskFolder(Path.Combine(folder.Path, "truth")), LabelReader.Load(Path.Combine(Demo, "labels.json")).Set.Classes, null),
            LabelFile = Path.Combine(folder.Path, "labels.json"),
            Plan = (_, _) => new SavePlan([$"sclip label {folder.Path} --labels labels.json"], null, "The pictures of the demo."),
        }, _engine);
        session.Begin();
        var service = LocalWorkbench.Build(session, 0);
        await service.StartAsync();
        return new Bench(await _browser.OpenAsync(service.Urls.First(), "", width, height, scheme), service, session, folder);
    }
}
