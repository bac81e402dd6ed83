using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests.Predictions;

public class MaskMatchTests
{
    [Fact]
    public void What_has_no_other_is_counted_and_named()
    {
        using var data = new MaskFolders().Add("x/both", [0, 0], [0, 0]);
        foreach (var i in Enumerable.Range(0, 7))
            data.Write($"pred/x/{i}", [0, 0]);
        data.Write("gt/alone", [0, 0]);
        var match = data.Match();
        Assert.False(match.IsWhole);
        Assert.Equal((1, 7, 1), (match.Pairs, match.WithoutTruth.Count, match.WithoutPrediction.Count));
        Assert.Contains("7 predictions have no ground truth: x/0, x/1, x/2, x/3, x/4, …", match.Describe(), StringComparison.Ordinal);
        Assert.Contains("1 picture of the ground truth has no prediction: alone", match.Describe(), StringComparison.Ordinal);
        Assert.Equal(["x/both"], match.Pictures(CancellationToken.None));
    }

    [Fact]
    public void Names_of_Cityscapes_match_by_their_suffixes()
    {
        using var data = new MaskFolders { TruthSuffix = "_gtFine_labelTrainIds", PredictionSuffix = "_leftImg8bit" };
        data.Write("pred/ulm/ulm_000001_000019_leftImg8bit", [0, 0]);
        data.Write("gt/ulm/ulm_000001_000019_gtFine_labelTrainIds", [0, 0]);
        data.Write("gt/ulm/ulm_000001_000019_gtFine_instanceIds", [0, 0]);
        var match = data.Match();
        Assert.True(match.IsWhole);
        Assert.Equal(["ulm/ulm_000001_000019"], match.Pictures(CancellationToken.None));
    }

    [Theory]
    [InlineData("a.jpg", "a", "")]
    [InlineData("a", "a.jpg", "")]
    [InlineData("a.jpg", "a.png", "")]
    [InlineData("a.jpg", "a_gt", "_gt")]
    [InlineData("deep/a.JPG", "deep/a_gt", "_gt")]
    public void Names_match_with_and_without_the_pictures_endings(string prediction, string truth, string suffix)
    {
        using var data = new MaskFolders { TruthSuffix = suffix };
        data.Write($"pred/{prediction}", [0, 0]);
        data.Write($"gt/{truth}", [0, 0]);
        var match = data.Match();
        Assert.True(match.IsWhole);
        Assert.Equal(1, match.Pairs);
    }

    [Theory]
    [InlineData("pred", "gt", "")]
    [InlineData("gt", "pred", "")]
    [InlineData("pred", "gt", "_gt")]
    public void Pictures_that_differ_in_their_ending_alone_are_never_mistaken(string both, string one, string suffix)
    {
        using var data = new MaskFolders { TruthSuffix = suffix };
        data.Write($"{both}/a.jpg", [0, 0]);
        data.Write($"{both}/a.png", [1, 1]);
        data.Write($"{one}/a{suffix}", [0, 0]);
        var message = Assert.Throws<EvaluationException>(data.Match).Message;
        Assert.Contains($"{both}/a.jpg.png", message, StringComparison.Ordinal);
        Assert.Contains($"{both}/a.png.png may both be the mask of 'a'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_differ_in_their_ending_alone_match_where_both_sides_have_the_endings()
    {
        using var data = new MaskFolders().Add("a.jpg", [0, 0], [0, 0]).Add("a.png", [1, 1], [1, 1]).Add("b.jpg", [1, 1], [1, 1]);
        var match = data.Match();
        Assert.True(match.IsWhole);
        Assert.Equal(["a.jpg", "a.png", "b"], match.Pictures(CancellationToken.None).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Where_no_name_matches_an_example_of_each_and_the_suffixes_are_named()
    {
        using var data = new MaskFolders();
        data.Write("pred/a_leftImg8bit", [0, 0]);
        data.Write("gt/a_gtFine", [0, 0]);
        var message = Assert.Throws<EvaluationException>(data.Match).Message;
        Assert.Contains("pred/a_leftImg8bit.png", message, StringComparison.Ordinal);
        Assert.Contains("gt/a_gtFine.png", message, StringComparison.Ordinal);
        Assert.Contains("--ground-truth-suffix", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_folders_are_said()
    {
        using var data = new MaskFolders();
        data.Folder.Write("pred/readme.txt", "text");
        Assert.Contains($"There are no masks (*.png, *.tif) in {data.Predictions}: it holds readme.txt.", Assert.Throws<EvaluationException>(data.Match).Message, StringComparison.Ordinal);
        data.Write("pred/a", [0, 0]);
        Assert.Contains($"There are no masks (*.png, *.tif) in {data.Truth}: it is empty.", Assert.Throws<EvaluationException>(data.Match).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<EvaluationException>(() => new MaskFolder(data.Folder["nowhere"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<EvaluationException>(() => new MaskFolder(data.Folder["pred/a.png"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_an_earlier_report_holds_no_masks()
    {
        using var data = new MaskFolders();
        data.Write("pred/a", [0, 0]);
        data.Write("pred/eval/confusion", [0, 0]);
        Assert.Equal(["a"], new MaskFolder(data.Predictions, except: Path.Combine(data.Predictions, "eval")).Pictures());
    }

    [Fact]
    public void Tiffs_are_masks_where_there_is_no_png_and_pictures_beside_pngs()
    {
        using var data = new MaskFolders();
        foreach (var name in (string[])["a.tif", "sub/b.TIFF"])
            data.Folder.Write($"gt/{name}", RawTiff.Write([0, 1], 2, 8));
        var truth = new MaskFolder(data.Truth);
        Assert.Equal(["a", "sub/b"], truth.Pictures().Order(StringComparer.Ordinal));
        Assert.EndsWith("sub/b.TIFF", truth.PathOf("sub/b"), StringComparison.Ordinal);
        Assert.Equal([0, 1], truth.Read("a", ImageLimits.Default, null).Labels);
        data.Write("gt/c", [0, 0]);
        truth = new MaskFolder(data.Truth);
        Assert.Equal(["c"], truth.Pictures());
        Assert.False(truth.Has("a"));
    }

    [Fact]
    public void Indices_stored_as_three_equal_channels_are_read_and_colours_are_not()
    {
        using var data = new MaskFolders();
        data.Folder.Write("gt/a.png", RawPng.Write([3, 3, 3, 255, 255, 255], 2, RawPng.Rgb, 8));
        data.Folder.Write("gt/b.png", RawPng.Write([3, 3, 3, 255, 255, 254], 2, RawPng.Rgb, 8));
        var truth = new MaskFolder(data.Truth);
        Assert.Equal([3, 255], truth.Read("a", ImageLimits.Default, null).Labels);
        Assert.Contains("colours and not class indices", Assert.Throws<EvaluationException>(() => truth.Read("b", ImageLimits.Default, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endings_in_capitals_are_masks_too()
    {
        using var data = new MaskFolders();
        data.Write("pred/a", [0, 0]);
        File.Move(data.Folder["pred/a.png"], data.Folder["pred/a.PNG"]);
        var folder = new MaskFolder(data.Predictions);
        Assert.Equal(["a"], folder.Pictures());
        Assert.EndsWith("a.PNG", folder.PathOf("a"), StringComparison.Ordinal);
    }
}
