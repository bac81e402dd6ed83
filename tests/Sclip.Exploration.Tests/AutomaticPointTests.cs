
namespace Sclip.Exploration.Tests;

public class AutomaticPointTests
{
    [Fact]
    public void The_point_of_a_class_is_the_middle_of_its_widest_part()
    {
        // Class 1 lies around class 0: its centre of gravity may lie outside of it, its point does not.
        string[] map =
        [
            "1111111111",
            "1000001111",
            "1000001111",
            "1000001111",
            "1111111111",
            "1111111111",
            "1111111111",
            "2222222222",
        ];
        // Of three pixels in its middle row, the one nearest the middle of the picture.
        Assert.Equal((4, 2), Of(map, 0));
        Assert.Equal((7, 4), Of(map, 1));
        Assert.Equal(7, Of(map, 2).Y);
    }

    [Fact]
    public void A_single_pixel_is_its_own_point() => Assert.Equal((2, 1), Of(["000", "001"], 1));

    private static (int X, int Y) Of(string[] map, int label) =>
        AutomaticPoint.Of([.. map.SelectMany(row => row.Select(c => (ushort)(c - '0')))], map[0].Length, map.Length, label);
}
