namespace Sclip.Segmentation.Tests.Vision;

public sealed class PatchCutTests
{
    [Theory]
    [InlineData(16, 16, 16, 1)]
    [InlineData(16, 16, 15, 0)]
    [InlineData(16, 16, 47, 2)]
    [InlineData(16, 8, 16, 1)]
    [InlineData(16, 8, 224, 27)]
    [InlineData(16, 8, 231, 27)]
    [InlineData(16, 8, 232, 28)]
    [InlineData(14, 5, 224, 43)]
    public void Patches_lie_every_so_many_pixels_and_none_reaches_over_the_edge(int size, int step, int length, int patches)
    {
        var cut = new PatchCut(size, step);
        Assert.Equal(patches, cut.Along(length));
        Assert.True(patches == 0 || cut.Span(patches) <= length);
        Assert.True(cut.Span(patches + 1) > length);
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(16, 8)]
    [InlineData(14, 5)]
    [InlineData(7, 7)]
    public void A_pixel_belongs_to_the_patch_with_the_nearest_centre(int size, int step)
    {
        var cut = new PatchCut(size, step);
        var patches = cut.Along(100);
        for (var pixel = 0; pixel < 100; pixel++)
        {
            var nearest = Enumerable.Range(0, patches).Min(patch => Math.Abs(2 * patch * step + size - (2 * pixel + 1)));
            Assert.Equal(nearest, Math.Abs(2 * cut.At(pixel + 0.5, patches) * step + size - (2 * pixel + 1)));
        }
        Assert.All(Enumerable.Range(0, patches), patch => Assert.Equal(patch, cut.At(cut.Centre(patch), patches)));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(14, 14)]
    [InlineData(7, 7)]
    public void Side_by_side_a_pixel_belongs_to_the_patch_that_it_lies_in(int size, int step)
    {
        var cut = new PatchCut(size, step);
        for (var pixel = 0; pixel < 5 * size + 3; pixel++)
            Assert.Equal(Math.Min(pixel / size, 4), cut.At(pixel + 0.5, 5));
    }
}
