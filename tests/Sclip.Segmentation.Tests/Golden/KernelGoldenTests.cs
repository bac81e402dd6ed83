using Sclip.Labels;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public class KernelGoldenTests
{
    public static TheoryData<int> Interpolations => Indices("interpolation");

    public static TheoryData<int> Refinements => Indices("pamr");

    public static TheoryData<int> Measures => Indices("miou");

    [Theory]
    [MemberData(nameof(Interpolations))]
    public void Interpolation_is_the_authors(int index)
    {
        var node = Golden.Manifest["interpolation"]![index]!;
        var (source, shape) = Golden.Floats(node["input"]);
        var (expected, newShape) = Golden.Floats(node["output"]);
        var (height, width, newHeight, newWidth) = (shape[^2], shape[^1], newShape[^2], newShape[^1]);
        var channels = source.Length / (height * width);
        var actual = new float[expected.Length];
        if (node["mode"]!.GetValue<string>() == "bilinear")
        {
            BilinearResize.Planes(source, channels, height, width, actual, newHeight, newWidth);
        }
        else
        {
            var factors = node["scale_factor"]!.AsArray().Select(value => value!.GetValue<double>()).ToArray();
            var target = new float[expected.Length];
            BicubicResize.Apply(ChannelsLast(source, channels, height * width), height, width, channels, target, newHeight, newWidth, factors[0], factors[1]);
            actual = ChannelsLast(target, newHeight * newWidth, channels);
        }
        Close.Assert(expected, actual, 1e-4f, node.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Refinements))]
    public void PAMR_is_the_authors(int index)
    {
        var node = Golden.Manifest["pamr"]![index]!;
        var (image, imageShape) = Golden.Floats(node["image"]);
        var (mask, maskShape) = Golden.Floats(node["mask"]);
        var (height, width) = (imageShape[^2], imageShape[^1]);
        Assert.Equal((height, width), (maskShape[^2], maskShape[^1]));
        using var threads = new Threads(2);
        var pamr = new Pamr(image, imageShape[^3], height, width, node["steps"]!.GetValue<int>(), Golden.Ints(node["dilations"]), threads, TestContext.Current.CancellationToken);
        var actual = new float[mask.Length];
        for (var plane = 0; plane < mask.Length; plane += height * width)
        {
            mask.AsSpan(plane, height * width).CopyTo(pamr.Plane);
            pamr.Refine(CancellationToken.None).CopyTo(actual, plane);
        }
        Close.Assert(Golden.Floats(node["output"]).Values, actual, 1e-4f, node.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Measures))]
    public void Measures_are_those_of_MMSegmentation(int index)
    {
        var node = Golden.Manifest["miou"]![index]!;
        var classes = node["classes"]!.GetValue<int>();
        var matrix = new ConfusionMatrix(classes, node["ignore"]!.GetValue<int>());
        matrix.Add(Widen(Golden.Bytes(node["prediction"]).Values), Widen(Golden.Bytes(node["ground_truth"]).Values));
        for (var label = 0; label < classes; label++)
        {
            var expected = node["iou"]![label]?.GetValue<double>();
            Assert.Equal(expected.HasValue, matrix.Iou(label).HasValue);
            Assert.Equal(expected ?? 0, matrix.Iou(label) ?? 0, 1e-6);
        }
        Assert.Equal(node["mIoU"]!.GetValue<double>(), matrix.MeanIou, 1e-6);
        Assert.Equal(node["mAcc"]!.GetValue<double>(), matrix.MeanAccuracy, 1e-6);
        Assert.Equal(node["aAcc"]!.GetValue<double>(), matrix.OverallAccuracy, 1e-6);
    }

    private static ushort[] Widen(byte[] values) => [.. values.Select(value => (ushort)value)];

    /// <summary>[rows, columns] to [columns, rows].</summary>
    private static float[] ChannelsLast(float[] values, int rows, int columns)
    {
        var transposed = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        return transposed;
    }

    private static TheoryData<int> Indices(string part) => [.. Enumerable.Range(0, Golden.Manifest[part]!.AsArray().Count)];
}
