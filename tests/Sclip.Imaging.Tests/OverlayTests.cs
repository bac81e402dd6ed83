using Sclip.Contracts;

namespace Sclip.Imaging.Tests;

public class OverlayTests
{
    private static readonly RgbColor Red = new(255, 0, 0);

    [Theory]
    [InlineData(64, 48, 640, 480)]
    [InlineData(1000, 800, 1000, 800)]
    [InlineData(3000, 1500, 2048, 1024)]
    public void Small_pictures_are_enlarged_and_large_ones_shrunk(int width, int height, int newWidth, int newHeight)
    {
        var overlay = Render(width, height, [new("dog", Red, 1)]);
        Assert.Equal(newWidth, overlay.Width);
        Assert.InRange(overlay.Height, newHeight + 10, newHeight + newHeight / 3);
    }

    [Fact]
    public void Half_the_picture_and_half_the_class_are_seen()
    {
        var overlay = Render(800, 600, [new("dog", Red, 1)]);
        var middle = overlay.Pixels.AsSpan((300 * 800 + 400) * 3, 3);
        Assert.Equal([(100 + 255) / 2, 100 / 2, 100 / 2], middle.ToArray());
    }

    [Fact]
    public void The_legend_shows_present_classes_alone()
    {
        var shown = Swatches(Render(800, 600, [new("dog", Red, 0.75), new("cat", new(0, 255, 0), 0.25)]));
        Assert.Contains((255, 0, 0), shown);
        Assert.Contains((0, 255, 0), shown);
        Assert.DoesNotContain((0, 255, 0), Swatches(Render(800, 600, [new("dog", Red, 1), new("cat", new(0, 255, 0), 0)])));
    }

    [Fact]
    public void A_legend_of_many_classes_stays_a_strip()
    {
        var classes = Enumerable.Range(0, 500).Select(i => new OverlayClass($"a rather long class name {i}", Red, 0.002)).ToArray();
        Assert.InRange(Render(800, 600, classes).Height, 601, 600 + 230);
    }

    [Fact]
    public void The_count_of_what_does_not_fit_is_seen_whole_beside_names_that_fill_their_rows()
    {
        var classes = Enumerable.Range(0, 60).Select(i => new OverlayClass($"a rather long class name number {i} that fills the row entirely and more than it", Red, 1.0 / 60)).ToArray();
        var overlay = Render(480, 640, classes);
        (int R, int G, int B) At(int x, int y) => (overlay.Pixels[(y * 480 + x) * 3], overlay.Pixels[(y * 480 + x) * 3 + 1], overlay.Pixels[(y * 480 + x) * 3 + 2]);
        for (var y = 640; y < overlay.Height; y++)
            for (var x = 476; x < 480; x++)
                Assert.Equal((250, 250, 250), At(x, y));
        var lastLine = Enumerable.Range(overlay.Height - 20, 20);
        // In the room kept for "+50 more".
        Assert.Contains(lastLine, y => Enumerable.Range(425, 45).Any(x => At(x, y) != (250, 250, 250)));
    }

    [Fact]
    public void A_tall_narrow_picture_leaves_names_readable() =>
        Assert.NotEqual(Render(200, 2000, [new("dog", Red, 1)]).Pixels, Render(200, 2000, [new("dot", Red, 1)]).Pixels);

    [Theory]
    [InlineData("Straße, αβγ, привет")]
    [InlineData("中文 😀")]
    [InlineData("<script>alert(1)</script>")]
    public void Any_name_can_be_drawn(string name) => Assert.True(Render(300, 200, [new(name, Red, 1)]).Height > 200);

    [Fact]
    public void Names_are_drawn_in_ink_on_paper()
    {
        var overlay = Render(800, 600, [new("dog", Red, 1)]);
        Assert.Contains((32, 32, 36), Swatches(overlay));
        Assert.Contains((250, 250, 250), Swatches(overlay));
    }

    [Fact]
    public void A_label_map_of_another_size_is_refused() =>
        Assert.Throws<ArgumentException>(() => OverlayRenderer.Render(new RgbImage(2, 2, new byte[12]), [0], [new("dog", Red, 1)]));

    private static RgbImage Render(int width, int height, OverlayClass[] classes)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)100);
        return OverlayRenderer.Render(new RgbImage(width, height, pixels), new ushort[width * height], classes);
    }

    /// <summary>The colours in the strip below a picture of 800 x 600.</summary>
    private static HashSet<(int, int, int)> Swatches(RgbImage overlay) =>
        [.. overlay.Pixels.AsSpan(800 * 600 * 3).ToArray().Chunk(3).Select(pixel => ((int)pixel[0], (int)pixel[1], (int)pixel[2]))];
}
