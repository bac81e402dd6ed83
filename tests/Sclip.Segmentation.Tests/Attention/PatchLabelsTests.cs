using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Tests.Attention;

/// <summary>The names of a window's patches, found out from their pixels.</summary>
public sealed class PatchLabelsTests : IDisposable
{
    private const int Names = 5, Rows = 4, Columns = 6;

    private readonly GoldenModel _model = new(Testing.Golden.Models.First());
    private readonly ManagedBlocks _blocks;

    public PatchLabelsTests() => _blocks = new ManagedBlocks(_model.Clip.Vision, _model.Clip.Vision.Together);

    private int Patch => _model.Clip.Config.PatchSize;

    public void Dispose()
    {
        _blocks.Dispose();
        _model.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_patch_has_the_name_of_its_own_pixels(int density)
    {
        var (window, columns) = (Window(new PatchCut(Patch, Patch / density)), density * (Columns - 1) + 1);
        Assert.Equal(columns, window.GridWidth);
        var names = Enumerable.Range(0, window.GridHeight * columns).Select(i => i % columns < columns / 2 ? 3 : 4).ToArray();
        var labels = PatchLabels.Of(window, Features(names, weight: 1));
        for (var i = 0; i < names.Length; i++)
            // In the middle patches lie over both halves.
            if (Math.Abs(i % columns - (columns - 1) / 2.0) > density)
                Assert.Equal(names[i], labels[i]);
    }

    [Fact]
    public void Where_no_name_is_likely_enough_it_is_the_first()
    {
        var window = Window(PatchCut.Whole(Patch));
        var names = Enumerable.Repeat(3, Rows * Columns).ToArray();
        // Of five names, one has more than a quarter of the likelihood as soon as its cosine is somewhat ahead.
        Assert.All(PatchLabels.Of(window, Features(names, weight: 0.02f)), label => Assert.Equal(3, label));
        Assert.All(PatchLabels.Of(window, Features(names, weight: 0.001f)), label => Assert.Equal(0, label));
    }

    /// <summary>A window that is black on the left and white on the right, and a rest that fills no patch; its names are the first axes.</summary>
    private WindowTower Window(PatchCut patches)
    {
        var (height, width) = (Rows * Patch + 1, Columns * Patch + 1);
        var pixels = Enumerable.Range(0, 3 * height * width).Select(i => i % width < width / 2 ? 0f : 1f).ToArray();
        return new WindowTower(_blocks, _model.Clip.Config, new(height, width), _ => throw new InvalidOperationException(), () => pixels)
        {
            Patches = patches,
            GivenNames = Axes(Enumerable.Range(0, Names), 0, 1),
        };
    }

    /// <summary>Features that are as near to all names, and nearer to one.</summary>
    private Matrix Features(int[] names, float weight) => Axes(names, 1, weight);

    private Matrix Axes(IEnumerable<int> names, float all, float weight)
    {
        float[] values = [.. names.SelectMany(name => Enumerable.Range(0, Names).Select(axis => all + (axis == name ? weight : 0)))];
        return _blocks.Algebra.From(values, values.Length / Names, Names);
    }
}
