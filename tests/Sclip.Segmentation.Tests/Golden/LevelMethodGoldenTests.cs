using System.Text.Json.Nodes;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>What SC-CLIP and ITACLIP come by on their way from the outputs of several blocks, against their authors' code.</summary>
public sealed unsafe class LevelMethodGoldenTests
{
    private const float Tolerance = 1e-4f;
    private const string Outliers = "lof_scores", Engineered = "window_logits";

    /// <summary>Model, index of a picture of which something is given.</summary>
    public static TheoryData<string, int> Pictures =>
        [.. from model in SuccessorGoldenTests.Manifest["models"]!.AsObject()
            from picture in model.Value!["vision"]!.AsArray().Index()
            where picture.Item![Outliers] is not null || picture.Item[Engineered] is not null
            select (model.Key, picture.Index)];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Outlier_patches_and_logits_of_changed_pictures_are_the_authors(string name, int index)
    {
        var node = Node(name, index);
        if (node[Outliers] is { } outliers)
            InWindow(name, node, "sc-clip", window =>
            {
                var factors = ScClip.Factors(window.Output(window.Last - 1).RowsFrom(1));
                Close.Assert(GoldenSet.Successors.Floats(outliers).Values, factors, Tolerance, $"{name} {index}");
                Assert.Equal(Golden.Ints(node["lof_outliers"]), LocalOutliers.Find(factors));
            });
        var method = new ItaClip(engineering: true);
        if (node[Engineered] is { } engineered)
            InWindow(name, node, "itaclip:image-engineering", window =>
            {
                var logits = method.Logits(window, method.Features(window)).Transposed();
                var resized = new float[logits.Rows * window.Size.Height * window.Size.Width];
                BilinearResize.Planes(logits.ToArray(), logits.Rows, window.GridHeight, window.GridWidth, resized, window.Size.Height, window.Size.Width);
                Close.Assert(GoldenSet.Successors.Floats(engineered).Values, resized, Tolerance, $"{name} {index}");
            });
    }

    private static JsonNode Node(string name, int index) => SuccessorGoldenTests.Manifest["models"]![name]!["vision"]![index]!;

    /// <summary>Lets a test look at a picture, taken as one window, as a method does.</summary>
    private static void InWindow(string name, JsonNode node, string method, Action<WindowTower> test)
    {
        using var model = SuccessorGoldenTests.Load(name);
        var (picture, labels, created) = (SuccessorGoldenTests.Picture(node["image"]), SuccessorGoldenTests.Labels(name), DenseMethods.Create(method, model.Config));
        PixelWindow[] windows = [GoldenModel.Whole(picture)];
        var batch = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize), created.Positions);
        var looked = false;
        model.Vision.ForWindows(batch, model.Vision.Outputs(windows, batch, created.Outputs(model.Config.Vision.Layers), CancellationToken.None), (_, blocks, outputOf) =>
        {
            test(new WindowTower(blocks, model.Config, new(picture.Height, picture.Width), outputOf, () => model.Normalisation.Planes(windows[0]))
            {
                Positions = created.Positions,
                GivenNames = blocks.Algebra.From(labels.Values, labels.ClassOfName.Length, labels.Dimension),
            });
            looked = true;
        });
        Assert.True(looked);
    }
}
