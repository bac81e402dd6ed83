using System.Text.Json.Nodes;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Guides;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>Guides against a plain implementation, where there are no vectors of their authors.</summary>
public sealed class GuideTransformerTests : IDisposable
{
    private const float Tolerance = 1e-4f;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vit", "{}")]
    [InlineData("vit", """{"qkv_bias": false}""")]
    [InlineData("dinov2", "{}")]
    [InlineData("dinov2", """{"use_swiglu_ffn": true}""")]
    [InlineData("dinov2_with_registers", "{}")]
    [InlineData("dinov2_with_registers", """{"use_swiglu_ffn": true}""")]
    public void Features_are_those_of_a_plain_implementation(string type, string settings)
    {
        var guide = new FakeGuide(type, JsonNode.Parse(settings)!.AsObject()).Fill();
        guide.WriteTo(_folder.Path);
        var random = new Random(2);
        float[] planes = [.. Enumerable.Range(0, 3 * FakeGuide.Side * FakeGuide.Side).Select(_ => 2 * random.NextSingle() - 1)];
        var expected = new ScalarGuide(guide).Features(planes).SelectMany(token => token).ToArray();
        // The guide is given pixels as it sees them itself.
        var actual = Features(planes, FakeGuide.Side, FakeGuide.Side);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }

    [Fact]
    public void A_picture_of_another_size_has_the_guide_s_own_grid_and_the_rest_is_dropped()
    {
        new FakeGuide("dinov2_with_registers").Fill().WriteTo(_folder.Path);
        var planes = new float[3 * 23 * 18];
        Assert.Equal(5 * 4 * FakeGuide.Width, Features(planes, 23, 18).Length);
    }

    [Fact]
    public void Positions_that_are_alike_stay_so_on_every_grid()
    {
        foreach (var type in (string[])["vit", "dinov2", "dinov2_with_registers"])
        {
            new FakeGuide(type).Fill().WriteTo(_folder[type]);
            var config = GuideConfig.Load(_folder[type]);
            var positions = new GridPositions([.. Enumerable.Repeat(0.5f, 9 * FakeGuide.Width)], 3, FakeGuide.Width, config.Positions);
            foreach (var value in positions.Values(2, 7))
                Assert.Equal(0.5f, value, Tolerance);
        }
    }

    [Fact]
    public void Positions_of_DINOv2_come_by_exact_factors_and_those_with_registers_antialiased()
    {
        float[] native = [.. Enumerable.Range(0, 10 * FakeGuide.Width).Select(i => MathF.Sin(i))];
        var source = native.AsSpan(FakeGuide.Width);
        var (bicubic, antialiased) = (new float[2 * 2 * FakeGuide.Width], new float[2 * 2 * FakeGuide.Width]);
        BicubicResize.Apply(source, 3, 3, FakeGuide.Width, bicubic, 2, 2, 2 / 3.0, 2 / 3.0);
        AntialiasedBicubicResize.Apply(source, 3, 3, FakeGuide.Width, antialiased, 2, 2);
        Assert.NotEqual(bicubic, antialiased);
        Assert.Equal(bicubic, Of("dinov2"));
        Assert.Equal(antialiased, Of("dinov2_with_registers"));

        float[] Of(string type)
        {
            new FakeGuide(type).Fill().WriteTo(_folder[type]);
            return new GridPositions(native[FakeGuide.Width..], 3, FakeGuide.Width, GuideConfig.Load(_folder[type]).Positions).Values(2, 2);
        }
    }

    private float[] Features(float[] planes, int height, int width)
    {
        using var guide = GuideModel.Load(_folder.Path);
        using var transformer = new GuideTransformer(guide, PixelNormalisation.ImageNet, new ManagedLayers());
        using var threads = new Threads(2);
        using var algebra = new ManagedAlgebra(threads);
        return transformer.Features(algebra, planes, height, width).Patches.ToArray();
    }
}
