using Sclip.Evaluation.Predictions;

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
        var error = Assert.Throws<EvaluationException>(PredictionFolder.Open(data.Predictions).Classes);
        Assert.Contains("sclip-settings.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("--labels", error.Message, StringComparison.Ordinal);
    }
}
