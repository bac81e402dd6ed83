using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Testing;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Tests.Judging;

/// <summary>A session of the demo model with its scenes, which all have ground truth, and a picture that is not there.</summary>
public sealed class DemoSession : IAsyncLifetime
{
    public const int Scenes = 8;

    private static readonly string Demo = Path.Combine(Repository.Root, "models", "demo");

    private WorkbenchEngine? _engine;

    public Session Session { get; private set; } = null!;

    /// <summary>One whose ground truth calls grass noise, which the model takes for other things.</summary>
    public Session Other { get; private set; } = null!;

    /// <summary>The classes of the ground truth.</summary>
    public IReadOnlyList<LabelClass> Labels { get; } = LabelSet.Load(Path.Combine(Demo, "labels.json")).Classes;

    /// <summary>Those of the other one.</summary>
    public IReadOnlyList<LabelClass> Renamed => [.. Labels.Select(item => item.Name == "grass" ? item with { Name = "noise" } : item)];

    internal WorkbenchEngine Engine => _engine!;

    public async ValueTask InitializeAsync()
    {
        var device = new ManagedDevice();
        var model = ((IEngineDevice)device).LoadModel(Path.Combine(Demo, "model"), threads: 2);
        _engine = new WorkbenchEngine(model, device);
        Session = Begin(truth: new SessionTruth(new MaskFolder(Path.Combine(Demo, "ground-truth")), Labels, Void: null));
        Other = Begin(truth: new SessionTruth(Session.Setup.Truth!.Masks, Renamed, Void: null));
        await ReadyAsync(Session);
        await ReadyAsync(Other);
    }

    /// <summary>Another session of the same engine.</summary>
    public Session Begin(SessionTruth? truth, int scenes = Scenes)
    {
        var pictures = new FileBlobStore(Path.Combine(Demo, "pictures"));
        var session = new Session("demo", new SessionSetup
        {
            Title = "demo",
            Model = "demo",
            Options = PipelineOptions.Of(new JobSettings(), Engine.Model.Defaults, ImageLimits.Default, batch: null, threads: 2),
            Templates = Engine.Model.Defaults.Templates!,
            Pictures = [.. Enumerable.Range(1, scenes).Select(i => new PictureReference($"scene-{i}", pictures, $"scene-{i}.png")), new PictureReference("gone", pictures, "gone.png")],
            Labels = Labels,
            Truth = truth,
            Plan = (_, _) => new SavePlan([], null, ""),
        }, Engine);
        session.Begin();
        return session;
    }

    public static async Task ReadyAsync(Session session)
    {
        while (session.NextChange() is var changed && session.Pictures.Any(picture => picture.State == SessionPictureState.Waiting))
            await changed.WaitAsync(TimeSpan.FromMinutes(5));
    }

    /// <summary>The label map of a scene in its own size.</summary>
    internal ushort[] Map(int scene, IReadOnlyList<LabelClass> labels, LiveSettings settings)
    {
        var (set, picture) = (Session.Read(labels), Session.Pictures[scene]);
        var embeddings = Engine.Model.EmbedLabels(set, Session.Setup.Templates, cacheDirectory: null);
        return Engine.Labeller.Label(picture.Features!, Labelling.LiveLabelling.Input(picture, picture.Size.Width, picture.Size.Height), embeddings, Session.Options(settings, set)).LabelMap;
    }

    /// <summary>Clicks all over the scenes.</summary>
    internal static Wish[] Clicks(string label) =>
    [
        .. from scene in Enumerable.Range(0, Scenes)
           from i in Enumerable.Range(0, 25)
           select Click($"{scene}-{i}", scene, label, 5 + i * 37 % 250, 3 + i * 53 % 188),
    ];

    internal static Wish Click(string id, int scene, string label, int x, int y) => new() { Id = id, Picture = scene, Class = label, X = x, Y = y };

    public async ValueTask DisposeAsync()
    {
        await Other.DisposeAsync();
        await Session.DisposeAsync();
        _engine?.Dispose();
    }
}
