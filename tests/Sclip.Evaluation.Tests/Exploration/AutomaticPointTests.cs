using Sclip.Evaluation.Exploration;

namespace Sclip.Evaluation.Tests.Exploration;

public class AutomaticPointTests
{
    [Fact]
    public void The_point_of_a_class_is_the_middle_of_its_widest_part()
    {
        // A ring-like class has its centre of gravity outside of it; its point is inside.
        string[] map =
        [
            "1111111111",
            "1000000011",
            "1000000011",
            "1111111111",
            "1111111111",
            "1111111111",
            "2222222222",
        ];
        Assert.Equal((4, 1), Of(map, 0));
        var (x, y) = Of(map, 1);
        Assert.Equal('1', map[y][x]);
        Assert.Equal(4, y);
        Assert.Equal(6, Of(map, 2).Y);
    }

    [Fact]
    public void A_single_pixel_is_its_own_point() => Assert.Equal((2, 1), Of(["000", "001"], 1));

    private static (int X, int Y) Of(string[] map, int label) =>
        AutomaticPoint.Of([.. map.SelectMany(row => row.Select(c => (ushort)(c - '0')))], map[0].Length, map.Length, label);
}
