using Sclip.Contracts;
using Sclip.Evaluation.Predictions;
using Sclip.Labels;

namespace Sclip.Evaluation.Tests.Predictions;

public class PredictionFolderTests
{
    private const string Settings = """{"method": "sclip", "labels": [{"name": "cat", "synonyms": ["kitten"], "color": "#ff8000"}, {"name": "dog", "synonyms": [], "color": null}]}""";

    [Theory]
    [InlineData("pred")]
    [InlineData("pred/masks")]
    public void A_folder_of_results_tells_its_masks_classes_and_failures(string given)
    {
        using var data = new MaskFolders();
        data.Write("pred/masks/a", [0, 0]);
        data.Write("pred/overlays/a", [0, 0]);
        data.Folder.Write("pred/sclip-settings.json", Settings);
        data.Folder.Write("pred/results.jsonl", """
            {"image":"a.jpg","status":"ok","mask":"masks/a.png"}
            {"image":"b.jpg","status":"failed","error":"the file is empty."}
            {"image":"torn
            """);
        var folder = PredictionFolder.Open(data.Folder[given]);
        Assert.Equal(["a"], folder.Masks.Pictures());
        Assert.Equal(["cat #ff8000", "dog "], folder.Classes()!.Select(item => $"{item.Name} {item.Color}"));
        Assert.Equal("b.jpg (the file is empty)", folder.Failures(CancellationToken.None).ToString());
    }

    [Theory]
    [InlineData("pred", "photos/a", "photos/b")]
    [InlineData("pred/masks/photos", "a", "b")]
    public void Masks_of_a_job_are_called_by_the_pictures_without_their_endings(string given, params string[] pictures)
    {
        using var data = new MaskFolders();
        data.Write("pred/masks/photos/a.jpg", [0, 0]);
        data.Write("pred/masks/photos/b.PNG", [0, 0]);
        data.Folder.Write("pred/results.jsonl", """{"image":"photos/a.jpg","status":"ok","mask":"masks/photos/a.jpg.png"}""");
        data.Folder.Write("pred/labels.json", """[{"name": "cat"}]""");
        var folder = PredictionFolder.Open(data.Folder[given]);
        Assert.Equal(pictures, folder.Masks.Pictures().Order(StringComparer.Ordinal));
        Assert.All(pictures, picture => Assert.True(folder.Masks.Has(picture) && File.Exists(folder.Masks.PathOf(picture))));
        Assert.Equal("cat", Assert.Single(folder.Classes()!).Name);
    }

    [Fact]
    public void A_mask_with_a_pictures_ending_beside_one_without_keeps_it_in_its_name()
    {
        using var data = new MaskFolders();
        data.Write("pred/a", [0, 0]);
        data.Write("pred/a.jpg", [1, 1]);
        var masks = PredictionFolder.Open(data.Predictions).Masks;
        Assert.Equal(["a", "a.jpg"], masks.Pictures().Order(StringComparer.Ordinal));
        Assert.Equal(["a.jpg.png", "a.png"], new[] { masks.PathOf("a.jpg"), masks.PathOf("a") }.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("pred", "masks/deep/other.png, masks/other.png")]
    [InlineData("pred/masks/deep", "masks/deep/other.png")]
    public void Masks_that_no_result_names_are_told(string given, string strangers)
    {
        using var data = new MaskFolders();
        foreach (var mask in (string[])["a.jpg", "deep/b.jpg", "other", "deep/other"])
            data.Write($"pred/masks/{mask}", [0, 0]);
        data.Folder.Write("pred/results.jsonl", """
            {"image":"a.jpg","status":"ok","mask":"masks/a.jpg.png"}
            {"image":"deep/b.jpg","status":"ok","mask":"masks/deep/b.jpg.png"}
            {"image":"gone.jpg","status":"ok","mask":"masks/gone.jpg.png"}
            """);
        Assert.Equal(strangers, PredictionFolder.Open(data.Folder[given]).Strangers(CancellationToken.None).ToString());
        File.Delete(data.Folder["pred/results.jsonl"]);
        Assert.Equal(0, PredictionFolder.Open(data.Folder[given]).Strangers(CancellationToken.None).Count);
    }

    [Fact]
    public void Any_other_folder_is_masks_and_tells_nothing_more()
    {
        using var data = new MaskFolders();
        data.Write("pred/masks/a", [0, 0]);
        var folder = PredictionFolder.Open(data.Predictions);
        Assert.Equal(["masks/a"], folder.Masks.Pictures());
        Assert.Null(folder.Classes());
        Assert.Equal(0, folder.Failures(CancellationToken.None).Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"labels": [{"synonyms": []}]}""")]
    [InlineData("""{"labels": "cat"}""")]
    public void Settings_that_cannot_be_read_are_named(string settings)
    {
        using var data = new MaskFolders();
        data.Write("pred/masks/a", [0, 0]);
        data.Folder.Write("pred/sclip-settings.json", settings);
        var error = Assert.Throws<LabelSetException>(() => PredictionFolder.Open(data.Predictions).Classes());
        Assert.Null(PredictionFolder.Open(data.Predictions).Classes(given: [new LabelClass { Name = "cat" }]));
        Assert.Contains("sclip-settings.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("--labels", error.Message, StringComparison.Ordinal);
    }
}
