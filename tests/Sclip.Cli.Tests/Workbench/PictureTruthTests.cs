using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Workbench;

public sealed class PictureTruthTests : IDisposable
{
    private const ushort No = LabelMap.Nothing;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.png", "a.jpg", true)]
    [InlineData("a.jpg.png", "a.jpg", true)]
    [InlineData("b/a.png", "b/a.jpg", true)]
    [InlineData("b/a.png", "a.jpg", false)]
    [InlineData("a.tar.png", "a.tar", true)]
    public void A_picture_has_the_mask_of_its_name_with_or_without_its_ending(string mask, string picture, bool has)
    {
        Write(mask, [1]);
        var truth = new PictureTruth(new MaskFolder(_folder.Path), ids: null, ignore: 255, reduceZeroLabel: false);
        Assert.Equal(has, truth.Has(picture));
        if (has)
            Assert.Equal(_folder[mask], truth.PathOf(picture));
    }

    [Fact]
    public void Values_are_read_as_an_evaluation_reads_them()
    {
        Write("a.png", [0, 1, 2, 255]);
        var masks = new MaskFolder(_folder.Path);
        Assert.Equal([0, 1, 2, 255], Read(new PictureTruth(masks, ids: null, ignore: 255, reduceZeroLabel: false), expectedVoid: 255));
        Assert.Equal([7, 1, 2, 1], Read(new PictureTruth(masks, ids: new Dictionary<int, int> { [0] = 7, [255] = 1 }, ignore: null, reduceZeroLabel: false), expectedVoid: null));
        Assert.Equal([No, 0, 1, No], Read(new PictureTruth(masks, ids: null, ignore: 255, reduceZeroLabel: true), expectedVoid: No));
    }

    private static ushort[] Read(PictureTruth truth, int? expectedVoid)
    {
        Assert.Equal(expectedVoid, truth.Void);
        return truth.Read("a.png", ImageLimits.Default, colors: null).Labels;
    }

    private void Write(string name, ushort[] values) => _folder.Write(name, RawPng.Write(values, values.Length, RawPng.Grey, 8));
}
