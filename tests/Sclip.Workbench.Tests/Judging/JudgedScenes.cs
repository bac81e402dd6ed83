using Sclip.Contracts;
using Sclip.Evaluation.Predictions;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Tests.Judging;

/// <summary>Sessions of the demo's scenes, which all have ground truth, and of a picture that is not there.</summary>
public sealed class JudgedScenes : IAsyncLifetime
{
    public const int Scenes = 8;

    private DemoSession? _plain, _renamed;

    /// <summary>The classes of the ground truth.</summary>
    public static IReadOnlyList<LabelClass> Labels { get; } = LabelSet.Load(Path.Combine(DemoSession.Folder, "labels.json")).Classes;

    /// <summary>The same with another name for grass, which the model takes for other things.</summary>
    public static IReadOnlyList<LabelClass> Renamed { get; } = [.. Labels.Select(item => item.Name == "grass" ? item with { Name = "noise" } : item)];

    public static MaskFolder Masks { get; } = new(Path.Combine(DemoSession.Folder, "ground-truth"));

    public Session Session => _plain!.Session;

    /// <summary>The session whose ground truth has the other name.</summary>
    public Session Other => _renamed!.Session;

    internal WorkbenchEngine Engine => _plain!.Engine;

    public async ValueTask InitializeAsync()
    {
        _plain = await BeginAsync(new SessionTruth(Masks, Labels, Void: null));
        _renamed = await BeginAsync(new SessionTruth(Masks, Renamed, Void: null));
    }

    /// <summary>Begins another session, and waits for its features.</summary>
    internal static async Task<DemoSession> BeginAsync(SessionTruth? truth, int scenes = Scenes)
    {
        var pictures = new FileBlobStore(Path.Combine(DemoSession.Folder, "pictures"));
        var demo = DemoSession.Make(scenes, setup => setup with
        {
            Pictures = [.. Enumerable.Range(1, scenes).Select(i => new PictureReference($"scene-{i}", pictures, $"scene-{i}.png")), new PictureReference("gone", pictures, "gone.png")],
            Labels = Labels,
            Truth = truth,
        });
        demo.Session.Begin();
        return await demo.ReadyAsync();
    }

    /// <summary>The label map of a scene in its own size.</summary>
    internal ushort[] Map(int scene, IReadOnlyList<LabelClass> labels, LiveSettings settings)
    {
        var (set, picture) = (Session.Read(labels), Session.Pictures[scene]);
        var embeddings = Engine.Model.EmbedLabels(set, Session.Setup.Templates, cacheDirectory: null);
        return Engine.Labeller.Label(picture.Features!, LiveLabelling.Input(picture, picture.Size.Width, picture.Size.Height), embeddings, Session.Options(settings, set)).LabelMap;
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
        if (_renamed is not null)
            await _renamed.DisposeAsync();
        if (_plain is not null)
            await _plain.DisposeAsync();
    }
}
