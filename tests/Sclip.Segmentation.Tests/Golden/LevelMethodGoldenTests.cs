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

    /// <summary>Model, index of a picture whose outliers are given.</summary>
    public static TheoryData<string, int> Outliers => With("lof_scores");

    /// <summary>Model, index of a picture whose logits after image engineering are given.</summary>
    public static TheoryData<string, int> Engineered => With("window_logits");

    [Theory]
    [MemberData(nameof(Outliers))]
    public void Outlier_patches_are_the_authors(string name, int index)
    {
        var node = Node(name, index);
        InWindow(name, node, "sc-clip", window =>
        {
            var factors = ScClip.Factors(window.Output(window.Last - 1).RowsFrom(1));
            Close.Assert(GoldenSet.Successors.Floats(node["lof_scores"]).Values, factors, Tolerance, $"{name} {index}");
            Assert.Equal(Golden.Ints(node["lof_outliers"]), LocalOutliers.Find(factors));
        });
    }

    [Theory]
    [MemberData(nameof(Engineered))]
    public void Logits_of_changed_pictures_are_the_authors(string name, int index)
    {
        var node = Node(name, index);
        var method = new ItaClip(engineering: true);
        InWindow(name, node, "itaclip:image-engineering", window =>
        {
            var logits = method.Logits(window, method.Features(window)).Transposed();
            var resized = new float[logits.Rows * window.Size.Height * window.Size.Width];
            BilinearResize.Planes(logits.ToArray(), logits.Rows, window.GridHeight, window.GridWidth, resized, window.Size.Height, window.Size.Width);
            Close.Assert(GoldenSet.Successors.Floats(node["window_logits"]).Values, resized, Tolerance, $"{name} {index}");
        });
    }

    private static TheoryData<string, int> With(string vector) =>
        [.. from model in SuccessorGoldenTests.Manifest["models"]!.AsObject()
            from picture in model.Value!["vision"]!.AsArray().Index()
            where picture.Item![vector] is not null
            select (model.Key, picture.Index)];

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
