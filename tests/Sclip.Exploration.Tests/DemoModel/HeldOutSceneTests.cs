using Sclip.Labels;
using Sclip.Scenes;
using Sclip.Segmentation;
using Sclip.Testing;

namespace Sclip.Exploration.Tests.DemoModel;

/// <summary>
/// What the demo model can do, on scenes that nothing was trained on or chosen by. The bounds lie a little below what was measured: other weights,
/// or another forward pass, fall below them.
/// </summary>
public sealed class HeldOutSceneTests
{
    private const int Scenes = 200;
    private static readonly string[] Methods = ["clip", "maskclip", "sclip"];

    [Fact]
    public void The_demo_model_labels_held_out_scenes_as_well_as_documented()
    {
        var folder = Path.Combine(Repository.Root, "models", "demo");
        using var model = ClipModel.Load(Path.Combine(folder, "model"), Environment.ProcessorCount);
        using var segmenter = new ManagedSegmenter(model);
        var embeddings = model.EmbedLabels(
            LabelSet.Load(Path.Combine(folder, "labels.json")), model.Defaults.Templates!, cacheDirectory: null, cancellationToken: TestContext.Current.CancellationToken);
        var configurations = Methods.Select(method => new SegmentationOptions { Method = method, Crop = model.Defaults.Crop!.Value, Stride = model.Defaults.Stride!.Value }).ToArray();
        var matrices = Methods.Select(_ => new ConfusionMatrix(SceneClasses.All.Count)).ToArray();
        for (var i = 0; i < Scenes; i++)
        {
            var scene = HeldOutScenes.Draw(i);
            var input = new SegmentationInput { Rgb = scene.Rgb, Width = HeldOutScenes.Width, Height = HeldOutScenes.Height, OutputWidth = HeldOutScenes.Width, OutputHeight = HeldOutScenes.Height };
            ushort[] truth = [.. scene.Labels.Select(label => (ushort)label)];
            foreach (var (matrix, results) in matrices.Zip(segmenter.SegmentWithEach([input], embeddings, configurations, TestContext.Current.CancellationToken)))
                matrix.Add(results[0].LabelMap, truth);
        }
        var figures = Methods.Zip(matrices).ToDictionary(pair => pair.First, pair => Means(pair.Second.Areas()));
        var told = string.Join("; ", figures.Select(figure => $"{figure.Key}: backgrounds {figure.Value.Backgrounds:0.0}, things {figure.Value.Things:0.0}"));
        TestContext.Current.TestOutputHelper!.WriteLine(told);
        Assert.True(figures["sclip"].Backgrounds > 92 && figures["sclip"].Things > 70, told);
        Assert.True(figures["clip"].Backgrounds < figures["sclip"].Backgrounds - 20 && figures["clip"].Things < figures["sclip"].Things - 40, told);
    }

    /// <summary>Mean IoU in percent, apart.</summary>
    private static (double Backgrounds, double Things) Means(ClassAreas areas)
    {
        var ious = Enumerable.Range(0, SceneClasses.All.Count).Select(label => 100 * areas.Iou(label)!.Value).ToArray();
        var backgrounds = SceneClasses.Backgrounds.Count;
        return (ious[..backgrounds].Average(), ious[backgrounds..].Average());
    }
}
