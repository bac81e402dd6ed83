using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.TorchSharp.Pictures;
using Sclip.Segmentation.TorchSharp.Vision;
using Sclip.Testing;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.Tests.Torch;

public class TorchVisionTests
{
    /// <summary>Model, index of the picture, device.</summary>
    public static TheoryData<string, int, string> Pictures =>
        [.. VisionGoldenTests.Pictures.SelectMany(row => TorchEngine.Devices.Select(device => (row.Data.Item1, row.Data.Item2, device)))];

    [LibtorchTheory]
    [MemberData(nameof(Pictures))]
    public void Dense_features_of_every_method_are_the_golden_ones(string name, int index, string device)
    {
        using var scope = NewDisposeScope();
        using var model = new GoldenModel(name);
        var node = model.Node["vision"]![index]!;
        var picture = GoldenModel.Picture(node["image"]);
        var (projections, shape) = Golden.Floats(model.Node["projections"]);
        var on = Backends.Device(device).Device;
        using var vision = new TorchVision(model.Clip.Tensors, model.Clip.Config, on, ScalarType.Float32);
        using var pixels = new PicturePixels(model.Clip.Normalisation, on);
        var rgb = tensor(picture.Pixels, [picture.Height, picture.Width, 3]).to(on);
        var window = pixels.Load(rgb, GoldenModel.Input(node["image"], new System.Text.Json.Nodes.JsonArray(picture.Height, picture.Width))).unsqueeze(0);
        Assert.NotEmpty(node["features"]!.AsObject());
        foreach (var (method, file) in node["features"]!.AsObject())
        {
            using var attention = new TorchAttention(VisionGoldenTests.Method(method, projections, shape[1], model.Clip.Config), shape[1], model.Clip.Tensors, on, ScalarType.Float32);
            // Twice in one batch: a window's features do not depend on what shares its pass.
            var features = vision.Forward(cat([window, window], 0), attention, TestContext.Current.CancellationToken).cpu();
            var expected = Golden.Floats(file).Values;
            for (var i = 0; i < 2; i++)
                Close.Assert(expected, features[i].contiguous().data<float>().ToArray(), 1e-4f, $"{name} {index} {method} {i}");
        }
    }
}
