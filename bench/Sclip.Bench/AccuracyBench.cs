using System.Globalization;
using Sclip.Labels;
using Sclip.Scenes;
using Sclip.Segmentation;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Kernels.Bf16;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Bench;

/// <summary>
/// What bf16 on the CPU changes against fp32: label maps of the demo's pictures and of the golden ones, golden features, and mIoU over held-out
/// scenes of the demo model. Where the processor lacks the instructions their scalar twin computes, slowly.
/// </summary>
internal static class AccuracyBench
{
    private static readonly string[] Methods = ["sclip", "maskclip", "clip"];

    public static void Run(int scenes)
    {
        var has = Bf16Support.Lack is null && Bf16Tile.Refusal is null;
        var kernel = has ? GemmKernel.OfBf16 : GemmKernel.TwinOfBf16;
        if (has)
            Write($"vdpbf16ps, at {Bf16Speed.Gain:0.00} times the rate of fp32");
        else
            Write($"the scalar twin of vdpbf16ps: {Bf16Support.Lack ?? Bf16Tile.Refusal}");
        Write($"| | bf16 against fp32 |\n|---|---|");
        Write($"| demo pictures | {Share(FewerBits.OfDemo(kernel))} |");
        foreach (var model in Golden.Models)
        {
            Write($"| golden pictures of `{model}` | {Share(FewerBits.OfGoldenPictures(model, kernel))} |");
            var errors = FewerBits.OfGoldenFeatures(model, kernel).ToArray();
            Write($"| golden features of `{model}`, relative error | mean {errors.Average():0.0000} (2^{Math.Log2(errors.Average()):0.0}), largest {errors.Max():0.0000} |");
        }
        foreach (var (method, exact, rounded) in Methods.Zip(MeanIous(GemmKernel.Best, scenes), MeanIous(kernel, scenes)))
            Write($"| mIoU of `{method}` on {scenes} scenes | {rounded:0.00} ({exact:0.00} in fp32) |");
    }

    private static FormattableString Share((long Changed, long All) pixels) => $"{100.0 * pixels.Changed / pixels.All:0.0000} % of {pixels.All:N0} pixels change";

    /// <summary>In percent, by method.</summary>
    private static double[] MeanIous(GemmKernel kernel, int scenes)
    {
        var folder = Path.Combine("models", "demo");
        using var model = FewerBits.Load(Path.Combine(folder, "model"), kernel);
        using var segmenter = new ManagedSegmenter(model);
        var embeddings = model.EmbedLabels(LabelSet.Load(Path.Combine(folder, "labels.json")), model.Defaults.Templates!, cacheDirectory: null);
        var configurations = Methods.Select(method => new SegmentationOptions { Method = method, Crop = model.Defaults.Crop!.Value, Stride = model.Defaults.Stride!.Value }).ToArray();
        var matrices = Methods.Select(_ => new ConfusionMatrix(SceneClasses.All.Count)).ToArray();
        for (var i = 0; i < scenes; i++)
        {
            var scene = HeldOutScenes.Draw(i);
            var input = new SegmentationInput { Rgb = scene.Rgb, Width = HeldOutScenes.Width, Height = HeldOutScenes.Height, OutputWidth = HeldOutScenes.Width, OutputHeight = HeldOutScenes.Height };
            ushort[] truth = [.. scene.Labels.Select(label => (ushort)label)];
            foreach (var (matrix, results) in matrices.Zip(segmenter.SegmentWithEach([input], embeddings, configurations)))
                matrix.Add(results[0].LabelMap, truth);
        }
        return [.. matrices.Select(matrix => 100 * matrix.MeanIou)];
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
