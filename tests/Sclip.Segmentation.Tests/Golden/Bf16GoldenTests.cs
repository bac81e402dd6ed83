using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Kernels.Bf16;
using Sclip.Testing;
using Sclip.Testing.Accuracy;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>What bf16 may change, by the processor's instructions where it has them and by their twin everywhere.</summary>
public class Bf16GoldenTests(ITestOutputHelper output)
{
    /// <summary>Model, whether by the twin.</summary>
    public static TheoryData<string, bool> Models => [.. Golden.Models.SelectMany(model => new[] { (model, true), (model, false) })];

    [Theory]
    [MemberData(nameof(Models))]
    public void Golden_features_are_off_by_less_than_a_128th(string model, bool twin)
    {
        var errors = FewerBits.OfGoldenFeatures(model, Kernel(twin)).ToArray();
        output.WriteLine($"{model}: relative error of {errors.Length} tokens: mean 2^{Math.Log2(errors.Average()):0.0}, largest {errors.Max():0.0000}");
        // Nothing at all would mean that fp32 was compared with itself.
        Assert.InRange(errors.Average(), 1e-4, Math.ScaleB(1, -7));
    }

    /// <summary>Random weights put all names close together, and pixels between them: of a trained model's far fewer change.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Of_the_golden_pictures_few_pixels_change(string model, bool twin) => AssertFew(FewerBits.OfGoldenPictures(model, Kernel(twin)), 0.015, model);

    [Fact]
    public void Of_the_demo_pictures_hardly_a_pixel_changes() => AssertFew(FewerBits.OfDemo(Kernel(twin: false)), 0.0005, "demo");

    private void AssertFew((long Changed, long All) pixels, double most, string what)
    {
        var share = (double)pixels.Changed / pixels.All;
        output.WriteLine($"{what}: {pixels.Changed} of {pixels.All} pixels change, {share:P4}.");
        Assert.InRange(share, 0, most);
    }

    private static GemmKernel Kernel(bool twin)
    {
        if (twin)
            return GemmKernel.TwinOfBf16;
        Assert.SkipUnless(Bf16Support.Lack is null, Bf16Support.Lack ?? "");
        Assert.SkipUnless(Bf16Tile.Refusal is null, Bf16Tile.Refusal ?? "");
        return GemmKernel.OfBf16;
    }
}
