using Sclip.Segmentation.PostProcessing;

namespace Sclip.Segmentation.Tests.PostProcessing;

public class LabelMapClosingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(40, 1)]
    [InlineData(2, 3)]
    [InlineData(17, 35)]
    public void Closing_takes_the_largest_number_around_then_the_smallest(int height, int width)
    {
        var random = new Random(height * 100 + width);
        var map = Enumerable.Range(0, height * width).Select(_ => (ushort)random.Next(ushort.MaxValue + 1)).ToArray();
        ushort[] closed = [.. map];
        LabelMapClosing.Close(closed, height, width);
        Assert.Equal(Around(Around(map, values => values.Max()), values => values.Min()), closed);

        ushort[] Around(ushort[] source, Func<IEnumerable<ushort>, ushort> choose) => [.. Enumerable.Range(0, source.Length).Select(pixel => choose(
            from y in Enumerable.Range(pixel / width - 1, 3)
            from x in Enumerable.Range(pixel % width - 1, 3)
            where y >= 0 && y < height && x >= 0 && x < width
            select source[y * width + x]))];
    }

    [Fact]
    public void Holes_close_by_higher_numbers_and_specks_of_them_stay()
    {
        ushort[] map =
        [
            3, 3, 3, 3, 0, 0, 0,
            3, 0, 3, 3, 0, 5, 0,
            3, 3, 3, 3, 0, 0, 0,
        ];
        LabelMapClosing.Close(map, 3, 7);
        Assert.Equal([3, 3, 3, 3], map[7..11]);
        Assert.Equal(5, map[12]);
    }
}
