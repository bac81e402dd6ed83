using Sclip.Contracts;
using Sclip.Formats.Encodings;
using Sclip.Formats.Importing;
using Sclip.Formats.Importing.LabelStudio;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Label Studio's files as Label Studio writes them, and damaged ones.</summary>
public sealed class LabelStudioImportTests : IDisposable
{
    // 2 x 2 pixels, the right column inside.
    private static readonly string RightHalf = $"[{string.Join(',', LabelStudioRle.Encode(Mask.Parse("01", "01").Map, 1))}]";
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("a b%20c#1.jpg", "a b%20c#1.jpg")]
    [InlineData("/sub/a.jpg", "sub/a.jpg")]
    [InlineData("https://host.example:8080/bucket/a%20b%231.jpg?X-Sig=a/b.png", "bucket/a b#1.jpg")]
    [InlineData("s3://bucket/deep/Käfer 100%#1?.jpg", "deep/Käfer 100%#1?.jpg")]
    [InlineData("/data/local-files/?d=set/sub/a%20b.jpg", "set/sub/a b.jpg")]
    [InlineData("http://localhost:8080/data/local-files/?d=set/a.jpg&t=1", "set/a.jpg")]
    [InlineData("/data/upload/12/5b3fa1c2-a.jpg", "5b3fa1c2-a.jpg")]
    public void A_pictures_name_is_its_path_behind_the_address(string address, string name) => Assert.Equal(name, LabelStudioNames.Of(address));

    [Fact]
    public void The_first_annotation_that_is_not_cancelled_is_read_else_the_prediction()
    {
        using var set = Open($$$$"""
            [
              {"id": 1, "annotations": [
                {"id": 5, "was_cancelled": true, "ground_truth": false, "result": [{{{{Brush("brushlabels", "cancelled")}}}}]},
                {"id": 6, "was_cancelled": false, "result": [{{{{Brush("brushlabels", "road")}}}}], "lead_time": 3.5},
                {"id": 7, "was_cancelled": false, "result": [{{{{Brush("brushlabels", "second")}}}}]}],
               "file_upload": "a.jpg", "drafts": [], "predictions": [{"id": 1, "result": [{{{{Brush("brushlabels", "guess")}}}}]}], "data": {"image": "/data/upload/1/a.jpg"}, "meta": {}, "project": 1},
              {"id": 2, "annotations": [], "predictions": [{"model_version": "m", "score": 0.5, "result": [{{{{Brush("brushlabels", "sky")}}}}]}], "data": {"image": "/data/upload/1/b.jpg"}},
              {"id": 3, "annotations": [{"id": 8, "was_cancelled": true, "result": []}], "predictions": [], "data": {"image": "/data/upload/1/c.jpg"}},
              {"id": 4, "annotations": [], "predictions": [], "data": {"image": "/data/upload/1/d.jpg"}},
              {"id": 5, "annotations": [{"result": []}], "data": {"text": "no picture"}}
            ]
            """);
        Assert.Equal(["a.jpg", "b.jpg"], set.Pictures());
        Assert.Equal(["road", "sky"], set.Classes.Select(label => label.Name));
        Assert.Equal(["2 x 2\n.0\n.0", "2 x 2\n.1\n.1"], set.Pictures().Select(picture => Text(set.Read(picture))));
        Assert.Equal(
            [
                "1 task without a picture in its data: passed over.", "1 task that annotators skipped: passed over.", "1 task without an annotation or prediction: passed over.",
                "1 task with several annotations: the first that is not cancelled is read.", "1 task without an annotation: the prediction is read.",
            ],
            set.Notices);
    }

    [Fact]
    public void Polygons_are_in_percents_later_ones_lie_over_and_other_regions_are_told()
    {
        using var set = Open($$$$"""
            [{"annotations": [{"result": [
              {{{{Brush("brushlabels", "road")}}}},
              {"id": "p", "type": "polygonlabels", "original_width": 2, "original_height": 2, "image_rotation": 0, "value": {"points": [[0, 0], [100, 0], [100, 50.0], [0, 50.0]], "closed": true, "polygonlabels": ["sky", "second"]}},
              {"id": "r", "type": "rectanglelabels", "original_width": 2, "original_height": 2, "value": {"x": 0, "y": 0, "width": 100, "height": 100, "rotation": 0, "rectanglelabels": ["car"]}},
              {"type": "choices", "value": {"choices": ["good"]}}
            ]}], "data": {"photo": "https://host/x/a.jpg", "caption": "b"}}]
            """);
        Assert.Equal(["x/a.jpg"], set.Pictures());
        Assert.Equal("2 x 2\n11\n.0", Text(set.Read("x/a.jpg")));
        Assert.Equal(["Not read, since they are no masks: 1 choices, 1 rectanglelabels."], set.Notices);
    }

    [Fact]
    public void A_brush_whose_label_stands_in_a_result_of_its_own_is_found_by_its_id()
    {
        using var set = Open($$$$"""
            [{"annotations": [{"result": [
              {"id": "x1", "type": "brush", "original_width": 2, "original_height": 2, "value": {"format": "rle", "rle": {{{{RightHalf}}}}}},
              {"id": "x1", "type": "labels", "original_width": 2, "original_height": 2, "value": {"labels": ["road"]}},
              {"id": "x2", "type": "brush", "original_width": 2, "original_height": 2, "value": {"format": "rle", "rle": {{{{RightHalf}}}}}}
            ]}], "data": {"image": "a.jpg"}}]
            """);
        Assert.Equal("2 x 2\n.0\n.0", Text(set.Read("a.jpg")));
        Assert.Equal(["1 region without a label: passed over."], set.Notices);
    }

    [Fact]
    public void The_labelling_setup_beside_it_gives_the_classes_their_order_and_colours()
    {
        _folder.Write("label_config.xml", """<View><Image name="image" value="$image"/><BrushLabels name="l" toName="image"><Label value="sky" background="#0000ff"/><Label value="road"/></BrushLabels></View>""");
        using var set = Open($$$$"""[{"annotations": [{"result": [{{{{Brush("brushlabels", "new")}}}}, {{{{Brush("brushlabels", "road")}}}}]}], "data": {"image": "a.jpg"}}]""");
        Assert.Equal(["sky", "road", "new"], set.Classes.Select(label => label.Name));
        Assert.Equal(new RgbColor(0, 0, 255), set.Classes[0].Color);
        Assert.Equal("2 x 2\n.1\n.1", Text(set.Read("a.jpg")));
    }

    [Fact]
    public void A_task_without_a_region_has_the_size_of_its_picture()
    {
        var path = Write("""[{"annotations": [{"result": []}], "data": {"image": "a.jpg"}}]""");
        using (var set = Opened.Open(path, options => options with { Labels = [new LabelClass { Name = "x" }] }))
            Assert.Contains("--pictures", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
        _folder.Write("pictures/a.jpg", RawPng.Write(new ushort[6], 3, RawPng.Grey, 8));
        using (var set = Opened.Open(path, options => options with { Labels = [new LabelClass { Name = "x" }], Pictures = _folder["pictures"] }))
            Assert.Equal("3 x 2\n...\n...", Text(set.Read("a.jpg")));
    }

    [Theory]
    [InlineData("\"width\": 3, \"height\": 2", true)]
    [InlineData("\"width\": \"3\", \"height\": 2.0", true)]
    [InlineData("\"width\": 3", false)]
    [InlineData("\"width\": 3, \"height\": null", false)]
    public void The_data_of_a_task_may_tell_the_size_where_no_region_does(string size, bool isTold)
    {
        using var set = Opened.Open(Write($$$"""[{"predictions": [{"result": []}], "data": {"image": "a.jpg", {{{size}}}}}]"""), options => options with { Labels = [new LabelClass { Name = "x" }] });
        Assert.Equal(isTold ? 6 : 0, set.PixelsOf("a.jpg"));
        if (isTold)
            Assert.Equal("3 x 2\n...\n...", Text(set.Read("a.jpg")));
        else
            Assert.Contains("--pictures", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"annotations": [{"result": []}], "data": {"image": "../a.jpg"}}]""", "task 1: the picture '../a.jpg'")]
    [InlineData("""[{"annotations": [{"result": []}], "data": {"image": "a.jpg"}}, {"annotations": [{"result": []}], "data": {"image": "a.jpg"}}]""", "task 2: the picture 'a.jpg' is that of task 1")]
    [InlineData("""[{"annotations": [], "data": {"image": "a.jpg"}}, 7]""", "element 2 of the array is no task")]
    [InlineData("""[{"annotations": [], "data": {"image": "a.jpg"}}""", "it breaks off before its end")]
    [InlineData("""[{"annotations": [], "data": {"image": "a.jpg"}}]""", "no task with an annotation")]
    [InlineData("""[{"image": "a.jpg", "id": 1, "brush": [], "annotator": 1, "annotation_id": 1, "lead_time": 2.5}]""", "JSON-MIN")]
    public void What_cannot_be_opened_is_told_with_its_task(string json, string mention) => Assert.Contains(mention, Opened.Refusal(Write(json)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type": "brushlabels", "original_width": 2, "original_height": 2, "value": {"rle": [1, 2, 300], "brushlabels": ["x"]}}""", "result 1: element 3 of rle is no number from 0 to 255")]
    [InlineData("""{"type": "brushlabels", "original_width": 2, "original_height": 2, "value": {"rle": [0, 0, 0, 17], "brushlabels": ["x"]}}""", "result 1: the brush has 17 values, where 2 x 2 pixels have 16")]
    [InlineData("""{"type": "brushlabels", "original_width": 2, "original_height": 2, "value": {"rle": [0, 0, 0, 16, 57], "brushlabels": ["x"]}}""", "the brush breaks off before its end")]
    [InlineData("""{"type": "polygonlabels", "original_width": 2, "original_height": 2, "value": {"points": [[0, 0], [1, 1]], "polygonlabels": ["x"]}}""", "a polygon has 2 points")]
    [InlineData("""{"type": "polygonlabels", "original_width": 2, "original_height": 2, "value": {"points": [[0, 0], [1, "a"], [1, 1]], "polygonlabels": ["x"]}}""", "point 2 of the polygon must be two numbers")]
    public void What_is_wrong_with_a_region_is_told_with_its_place(string result, string mention)
    {
        using var set = Open($$$$"""[{"annotations": [{"result": [{{{{result}}}}]}], "data": {"image": "a.jpg"}}]""");
        Assert.Contains(mention, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turned_picture_and_one_without_a_size_are_refused()
    {
        Assert.Contains("turned by 90 degrees", Refusal("\"original_width\": 2, \"original_height\": 2, \"image_rotation\": 90"), StringComparison.Ordinal);
        Assert.Contains("original_width or original_height is missing", Refusal("\"original_width\": 2"), StringComparison.Ordinal);

        string Refusal(string more) => Opened.Refusal(Write($$$$"""[{"annotations": [{"result": [{"type": "brushlabels", {{{{more}}}}, "value": {"rle": {{{{RightHalf}}}}, "brushlabels": ["x"]}}]}], "data": {"image": "a.jpg"}}]"""));
    }

    public void Dispose() => _folder.Dispose();

    private static string Brush(string type, string label) => $$$$"""{"id": "{{{{label}}}}", "from_name": "l", "to_name": "image", "type": "{{{{type}}}}", "origin": "manual", "original_width": 2, "original_height": 2, "image_rotation": 0, "value": {"format": "rle", "rle": {{{{RightHalf}}}}, "{{{{type}}}}": ["{{{{label}}}}"]}}""";

    private static string Text(LabelMap map) => new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label == LabelMap.Nothing ? Mask.None : label)]).Text;

    private IAnnotationSet Open(string json) => Opened.Open(Write(json));

    private string Write(string json) => _folder.Write("project-1-at-2026-01-01.json", json);
}
