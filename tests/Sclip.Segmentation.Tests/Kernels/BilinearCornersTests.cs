using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation.Tests.Kernels;

public sealed class BilinearCornersTests
{
    [Theory]
    [InlineData(3, 5, new float[] { 0, 0.5f, 1, 1.5f, 2 })]
    [InlineData(5, 3, new float[] { 0, 2, 4 })]
    [InlineData(4, 1, new float[] { 0 })]
    [InlineData(1, 3, new float[] { 0, 0, 0 })]
    public void The_corners_lie_on_each_other_and_the_others_evenly_between(int source, int target, float[] expected)
    {
        float[] values = [.. Enumerable.Range(0, source).Select(i => (float)i)];
        Assert.Equal(expected, BilinearResize.TapsOfCorners(source, target).Select(tap => tap.Mix(values)));
    }
}
