using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Tests;

/// <summary>A session of pictures of the demo, by its model, behind the local host.</summary>
internal sealed class DemoSession : IAsyncDisposable
{
    public const string Names = "grass, sky, house, tree, sand";
    private Microsoft.AspNetCore.Builder.WebApplication? _app;

    private DemoSession(WorkbenchEngine engine, Session session) => (Engine, Session) = (engine, session);

    public static string Folder => Path.Combine(Repository.Root, "models", "demo");

    public static IReadOnlyList<LabelClass> Classes => LabelSet.Load(Names).Classes;

    public WorkbenchEngine Engine { get; }

    public Session Session { get; }

    public HttpClient Client { get; private set; } = new();

    /// <param name="pictures">How many pictures.</param>
    /// <param name="change">Changes what it begins with.</param>
    public static DemoSession Make(int pictures, Func<SessionSetup, SessionSetup>? change = null)
    {
        var engine = new WorkbenchEngine(ClipModel.Load(Path.Combine(Folder, "model"), threads: 2), new ManagedDevice());
        var store = new FileBlobStore(Path.Combine(Folder, "pictures"));
        var setup = new SessionSetup
        {
            Title = "demo",
            Model = "demo/model",
            Options = PipelineOptions.Of(new JobSettings(), engine.Model.Defaults, ImageLimits.Default, batch: null, threads: 2),
            Templates = engine.Model.Defaults.Templates ?? PromptTemplates.ImageNet,
            Pictures = [.. Enumerable.Range(1, pictures).Select(i => new PictureReference($"scene-{i}.png", store, $"scene-{i}.png"))],
            Labels = Classes,
            Plan = (_, _) => new SavePlan([], null, ""),
        };
        return new DemoSession(engine, new Session("demo", change?.Invoke(setup) ?? setup, engine));
    }

    /// <summary>Begins to compute features, and serves.</summary>
    public async Task<DemoSession> ServeAsync()
    {
        Session.Begin();
        _app = LocalWorkbench.Build(Session, port: 0);
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri($"{_app.Urls.First()}/workbench/sessions/demo/") };
        return this;
    }

    /// <summary>Waits until each picture has its features, or has failed.</summary>
    public async Task<DemoSession> ReadyAsync()
    {
        while (Session.Pictures.Any(picture => picture.State == SessionPictureState.Waiting))
        {
            var changed = Session.NextChange();
            if (Session.Pictures.Any(picture => picture.State == SessionPictureState.Waiting))
                await changed;
        }
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        await Session.DisposeAsync();
        Engine.Dispose();
    }
}
