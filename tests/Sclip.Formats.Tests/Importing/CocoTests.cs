using System.IO.Pipes;
using CsCheck;
using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>COCO's instances and stuff as other tools write them.</summary>
public sealed class CocoTests : IDisposable
{
    private const string Categories = """ "categories": [{"id": 9, "name": "dog", "color": [1, 2, 3]}, {"id": 3, "name": " a  cat ", "color": "#0a0b0c"}] """;

    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Polygons_of_several_parts_and_run_lengths_of_both_kinds_are_read_in_whatever_order_the_file_has()
    {
        using var set = _folder.Open("a.json", $$"""
            {"annotations": [
                {"image_id": 7, "category_id": 3, "id": 1, "segmentation": [[0, 0, 2, 0, 2, 1, 0, 1], [3.0, 1.0, 4, 1, 4, 3, 3, 3]], "iscrowd": 0},
                {"segmentation": {"size": [3, 4], "counts": [2, 1, 9]}, "image_id": 7, "category_id": 9, "id": 2},
                {"image_id": "8", "category_id": 9.0, "id": 3, "segmentation": {"counts": "022", "size": [2, 2]} }
            ], {{Categories}},
            "images": [{"id": 8, "width": 2, "height": 2.0, "file_name": "./deep\\b c.jpg"}, {"file_name": "a.jpg", "id": 7, "height": 3, "width": 4, "more": {"id": 5} }]}
            """);
        Assert.Equal("COCO instances", set.Form);
        Assert.True(set.LeavesBackground);
        Assert.Equal(["a cat", "dog"], set.Classes.Select(label => label.Name));
        Assert.Equal([new RgbColor(10, 11, 12), new RgbColor(1, 2, 3)], set.Classes.Select(label => label.Color!.Value));
        Assert.Equal(["deep/b c.jpg", "a.jpg"], set.Pictures(CancellationToken.None));
        Assert.Equal(["00..", "...0", "1..0"], AnnotationFolder.Rows(set, "a.jpg"));
        Assert.Equal(["1.", "1."], AnnotationFolder.Rows(set, "deep/b c.jpg"));
        Assert.Empty(set.Notices);
    }

    [Fact]
    public void Later_annotations_lie_over_earlier_ones_and_crowds_under_all()
    {
        using var set = Set("""
            {"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[0, 0, 3, 0, 3, 1, 0, 1]]},
            {"id": 2, "image_id": 1, "category_id": 9, "segmentation": [[2, 0, 3, 0, 3, 2, 2, 2]]},
            {"id": 3, "image_id": 1, "category_id": 9, "segmentation": {"counts": [0, 8], "size": [2, 4]}, "iscrowd": 1}
            """);
        Assert.Equal(["0011", "1111"], AnnotationFolder.Rows(set, "a.jpg"));
    }

    [Fact]
    public void What_lies_outside_the_picture_is_cut_off_and_what_has_no_area_covers_nothing()
    {
        using var set = Set("""
            {"id": 1, "image_id": 1, "category_id": 3, "segmentation": [-5, -5, 1.5, -5, 1.5, 99, -5, 99]},
            {"id": 2, "image_id": 1, "category_id": 9, "segmentation": [[0, 0, 4, 2], [], [3, 0, 3, 2, 3, 1]]},
            {"id": 3, "image_id": 1, "category_id": 9, "segmentation": null}
            """);
        Assert.Equal(["0...", "0..."], AnnotationFolder.Rows(set, "a.jpg"));
    }

    [Fact]
    public void Boxes_alone_and_annotations_of_pictures_that_are_not_listed_are_told()
    {
        using var set = Set("""
            {"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]},
            {"id": 2, "image_id": 1, "category_id": 3, "bbox": [0, 0, 2, 2]},
            {"id": 3, "image_id": 1, "category_id": 3, "bbox": [0, 0, 2, 2], "segmentation": []},
            {"id": 4, "image_id": 99999999999999999999, "category_id": 3, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}
            """);
        Assert.Equal(["0...", "...."], AnnotationFolder.Rows(set, "a.jpg"));
        Assert.Equal(
            [$"1 annotation is of a picture that {_folder["a.json"]} does not list (image_id 99999999999999999999), and passed over.", "2 annotations have no segmentation (only a box, or points) and cover nothing."], set.Notices);
    }

    [Theory]
    [InlineData("captions", """{"id": 1, "image_id": 1, "caption": "a cat"}""")]
    [InlineData("keypoints", """{"id": 1, "image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "keypoints": [0, 0, 1]}""")]
    [InlineData("boxes", """{"id": 1, "image_id": 1, "category_id": 3, "bbox": [0, 0, 1, 1], "segmentation": []}""")]
    public void A_file_without_any_segmentation_is_refused_as_what_it_is(string what, string annotation) =>
        Assert.Equal($"{_folder["a.json"]} holds {what} only, and no segmentation: no pixels can be told from it.", _folder.Refusal("a.json", Document(annotation)));

    [Theory]
    [InlineData("annotation 5: its run lengths are of a picture of 3 x 2 pixels, and the picture has 4 x 2.", """{"counts": [1, 5], "size": [2, 3]}""")]
    [InlineData("annotation 5: its counts are of more than the picture's 8 pixels.", """{"counts": [1, 8], "size": [2, 4]}""")]
    [InlineData("annotation 5: its counts are of 3 pixels, and the picture has 8: they are cut off.", """{"counts": "021", "size": [2, 4]}""")]
    [InlineData("annotation 5: its counts hold what is no count of pixels.", """{"counts": "no counts", "size": [2, 4]}""")]
    [InlineData("annotation 5: its run lengths have no 'counts', or no 'size' of two.", """{"counts": [1, 5]}""")]
    [InlineData("annotation 5: a polygon of it is no list of x and y in turn.", "[[0, 0, 1, 0, 1]]")]
    [InlineData("annotation 5: number 2 of a polygon of it is none.", """[[0, "x", 1, 0, 1, 1]]""")]
    [InlineData("annotation 5: number 3 of a polygon of it is none.", "[[0, 0, 1e999, 0, 1, 1]]")]
    [InlineData("annotation 5: its segmentation is neither polygons nor run lengths.", "7")]
    public void An_annotation_that_cannot_be_read_fails_its_picture_alone(string said, string segmentation)
    {
        using var set = _folder.Open("a.json", $$"""
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 4, "height": 2}, {"id": 2, "file_name": "b.jpg", "width": 1, "height": 1}], {{Categories}},
            "annotations": [{"id": 5, "image_id": 1, "category_id": 3, "segmentation": {{segmentation}}}, {"id": 6, "image_id": 2, "category_id": 9, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}]}
            """);
        Assert.Equal(said, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message);
        Assert.Equal(["1"], AnnotationFolder.Rows(set, "b.jpg"));
    }

    [Theory]
    [InlineData("annotation 5 is of category 8, which the file does not list.", """{"id": 5, "image_id": 1, "category_id": 8, "segmentation": [[0, 0, 1, 0, 1, 1]]}""")]
    [InlineData("annotation without an id has no category_id.", """{"image_id": 1, "segmentation": [[0, 0, 1, 0, 1, 1]]}""")]
    public void A_category_that_is_not_listed_fails_the_picture(string said, string annotation)
    {
        using var set = Set(annotation);
        Assert.Equal(said, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message);
    }

    [Theory]
    [InlineData("tells no width and height of it that are whole numbers", "4.5", "2")]
    [InlineData("tells no width and height of it that are whole numbers", "null", "2")]
    [InlineData("'a.jpg' is said to have 0 x 2 pixels, and pictures of 1 to ", "0", "2")]
    [InlineData("'a.jpg' is said to have 9000000000 x 9000000000 pixels", "9000000000", "9000000000")]
    public void A_size_that_cannot_be_fails_the_picture_before_memory_is_taken(string said, string width, string height)
    {
        using var set = _folder.Open("a.json", $$"""{"images": [{"id": 1, "file_name": "a.jpg", "width": {{width}}, "height": {{height}}}], "annotations": [], {{Categories}}}""");
        Assert.Contains(said, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it has no 'categories'", """{"images": [], "annotations": []}""")]
    [InlineData("it has no 'images', which COCO's annotation files have: give the file that lists the pictures.", """{"annotations": [], "categories": []}""")]
    [InlineData("categories: labels: there is no class", """{"images": [], "annotations": [], "categories": []}""")]
    [InlineData("the name 'Cat' is there twice", """{"images": [], "annotations": [], "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "Cat"}]}""")]
    [InlineData("the category id 1 is there twice", """{"images": [], "annotations": [], "categories": [{"id": 1, "name": "cat"}, {"id": 1.0, "name": "dog"}]}""")]
    [InlineData("category 1 has no name", """{"images": [], "annotations": [], "categories": [{"id": 1}]}""")]
    [InlineData("category 2 has no id", """{"images": [], "annotations": [], "categories": [{"id": 1, "name": "cat"}, {"name": "dog"}]}""")]
    [InlineData("'annotations' must be an array", """{"images": [], "annotations": {}, "categories": []}""")]
    [InlineData("'images' is there twice", """{"images": [], "images": [], "annotations": [], "categories": []}""")]
    [InlineData("what begins at byte 13, in 'images', must be an object", """{"images": [7], "annotations": [], "categories": []}""")]
    [InlineData("what begins at byte 13, in 'images', has no id", """{"images": [{}], "annotations": [], "categories": []}""")]
    [InlineData("image 4 has no file_name", """{"images": [{"id": 4}], "annotations": [], "categories": []}""")]
    [InlineData("the image id 4 is there twice", """{"images": [{"id": 4, "file_name": "a"}, {"id": 4, "file_name": "b"}], "annotations": [], "categories": []}""")]
    [InlineData("two images have the file_name 'a'", """{"images": [{"id": 4, "file_name": "a"}, {"id": 5, "file_name": "a"}], "annotations": [], "categories": []}""")]
    [InlineData("it breaks off before its end", """{"images": [{"id": 12""")]
    [InlineData("it breaks off before its end", """{"images": [], "annotations": [{"id": "1" """)]
    [InlineData("it is damaged at line 2, byte 1: ',' stands where a value is needed", "{\"images\":\n, \"annotations\": []}")]
    [InlineData("no valid Unicode", """{"images": [{"id": 4, "file_name": "\ud800"}], "annotations": [], "categories": []}""")]
    public void A_file_that_cannot_be_read_is_refused_with_what_and_where(string said, string document)
    {
        var message = _folder.Refusal("a.json", document);
        Assert.StartsWith(_folder["a.json"], message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over_and_UTF_16_is_named()
    {
        var document = Document("");
        using var set = AnnotationFolder.Open(_folder.Write("a.json", [0xEF, 0xBB, 0xBF, .. System.Text.Encoding.UTF8.GetBytes(document)]));
        Assert.Equal(["a.jpg"], set.Pictures(CancellationToken.None));
        var path = _folder.Write("b.json", [0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes(document)]);
        Assert.Contains("is UTF-16; save it as UTF-8", Assert.Throws<ImportException>(() => AnnotationFolder.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_may_be_known_by_its_address_alone()
    {
        using var set = _folder.Open("a.json", $$"""{"images": [{"id": 1, "coco_url": "http://example.org/val/000%201.jpg", "width": 1, "height": 1}], "annotations": [], {{Categories}}}""");
        Assert.Equal(["000 1.jpg"], set.Pictures(CancellationToken.None));
    }

    [Fact]
    public void Uncovered_pixels_are_void_in_stuff_and_where_the_background_has_annotations_itself()
    {
        const string annotation = """{"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}""";
        Assert.False(LeavesBackground("""[{"id": 1, "name": "Background"}]""", annotation));
        Assert.True(LeavesBackground("""[{"id": 1, "name": "Background"}, {"id": 2, "name": "cat"}]""", annotation.Replace("\"category_id\": 1", "\"category_id\": 2", StringComparison.Ordinal)));
        Assert.False(LeavesBackground("""[{"id": 1, "name": "sky", "supercategory": "stuff"}, {"id": 2, "name": "sea", "supercategory": "stuff"}]""", annotation));
        Assert.True(LeavesBackground("""[{"id": 1, "name": "sky", "supercategory": "stuff"}, {"id": 2, "name": "cat", "supercategory": "animal"}]""", annotation));

        bool LeavesBackground(string categories, string annotations)
        {
            using var set = _folder.Open("a.json", $$"""{"images": [{"id": 1, "file_name": "a.jpg", "width": 1, "height": 1}], "annotations": [{{annotations}}], "categories": {{categories}}}""");
            return set.LeavesBackground;
        }
    }

    [Fact]
    public void A_file_that_is_larger_than_what_is_held_of_it_is_read_all_the_same()
    {
        var annotations = Enumerable.Range(0, 20_000).Select(i => $$"""{"id": {{i}}, "image_id": {{1 + i % 100}}, "category_id": {{(i / 100 % 2 == 0 ? 3 : 9)}}, "segmentation": [[{{i / 100 % 4}}, 0, 4, 0, 4, 1, {{i / 100 % 4}}, 1]]}""");
        var images = Enumerable.Range(1, 100).Select(i => $$"""{"id": {{i}}, "file_name": "{{i}}.jpg", "width": 4, "height": 1}""");
        using var set = _folder.Open("a.json", $$"""{"annotations": [{{string.Join(",\n", annotations)}}], "images": [{{string.Join(",\n", images)}}], {{Categories}}}""");
        // The last four lie over one another, from the left on: 196 and 198 are cats, 197 and 199 dogs.
        for (var i = 1; i <= 100; i++)
            Assert.Equal(["0101"], AnnotationFolder.Rows(set, $"{i}.jpg"));
    }

    [Fact]
    public void Folders_of_splits_and_of_annotations_are_read_as_one_where_their_classes_agree()
    {
        _folder.Write("robo/train/_annotations.coco.json", Document("""{"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}"""));
        _folder.Write("robo/valid/_annotations.coco.json", Document("""{"id": 1, "image_id": 1, "category_id": 9, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}"""));
        using var set = AnnotationFolder.Open(_folder["robo"]);
        Assert.Equal(["train/a.jpg", "valid/a.jpg"], set.Pictures(CancellationToken.None));
        Assert.Equal(["1...", "...."], AnnotationFolder.Rows(set, "valid/a.jpg"));
        using var one = AnnotationFolder.Open(_folder["robo/train"]);
        Assert.Equal(["a.jpg"], one.Pictures(CancellationToken.None));

        _folder.Write("coco/annotations/instances_train.json", Document(""));
        _folder.Write("coco/annotations/instances_val.json", Document("").Replace("a.jpg", "b.jpg", StringComparison.Ordinal));
        using var both = AnnotationFolder.Open(_folder["coco"]);
        Assert.Equal(["a.jpg", "b.jpg"], both.Pictures(CancellationToken.None));
    }

    [Theory]
    [InlineData("cat dog", "0 cats none", "1 cat cats", "2 dog cats")]
    [InlineData("cat dog", "0 cat none", "1 cat animals", "2 dog animals")]
    [InlineData("cat dog", "0 cats -", "1 cat cats", "2 dog cats")]
    [InlineData("cats cat dog", "0 cats none", "1 cat none", "2 dog none")]
    [InlineData("cats cat dog", "0 cats -", "1 cat -", "2 dog -")]
    [InlineData("cats cat dog", "5 cats none", "6 cat cats", "2 dog cats")]
    [InlineData("cats", "0 cats none")]
    public void A_category_0_that_stands_above_the_others_is_no_class(string classes, params string[] categories)
    {
        var listed = string.Join(", ", categories.Select(text => text.Split(' ')).Select(part => $$"""{"id": {{part[0]}}, "name": "{{part[1]}}", "supercategory": "{{part[2]}}"}"""));
        using var set = _folder.Open("a.json", $$"""{"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 1}], "categories": [{{listed}}], "annotations": []}""");
        Assert.Equal(classes.Split(' ').Order(StringComparer.Ordinal), set.Classes.Select(label => label.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_category_0_that_one_of_several_files_has_annotations_of_is_a_class_of_all()
    {
        const string categories = """ "categories": [{"id": 0, "name": "cats", "supercategory": "none"}, {"id": 1, "name": "lion", "supercategory": "cats"}] """;
        foreach (var (split, annotation) in ((string, string)[])[("train", ""), ("valid", """{"id": 1, "image_id": 1, "category_id": 0, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}""")])
            _folder.Write($"{split}/_annotations.coco.json", $$"""{"images": [{"id": 1, "file_name": "a.jpg", "width": 2, "height": 1}], {{categories}}, "annotations": [{{annotation}}]}""");
        using var set = AnnotationFolder.Open(_folder.Path);
        Assert.Equal(["cats", "lion"], set.Classes.Select(label => label.Name));
        Assert.Equal(["0."], AnnotationFolder.Rows(set, "valid/a.jpg"));
    }

    [Theory]
    [InlineData("have other classes", """{"images": [], "annotations": [], "categories": [{"id": 1, "name": "person"}]}""")]
    [InlineData("'a.jpg' is in", null)]
    public void Files_of_a_folder_that_do_not_agree_are_refused_with_what_to_give(string said, string? second)
    {
        var (one, other) = (_folder.Write("annotations/a.json", Document("")), _folder.Write("annotations/b.json", second ?? Document("")));
        var message = Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder.Path)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.EndsWith($"Give one of them: {one}, {other}.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_annotation_is_refused_with_the_forms_that_are_read()
    {
        Assert.Contains("is of no form that is read. Forms that are read are: COCO JSON", _folder.Refusal("labels.json", """[{"name": "cat"}]"""), StringComparison.Ordinal);
        Assert.Equal($"{_folder["nowhere"]} does not exist.", Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder["nowhere"])).Message);
        var file = _folder.Write("a.json", Document("""{"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]}"""));
        Assert.Contains("There is no form 'cocoa'", Assert.Throws<ImportException>(() => AnnotationFolder.Open(file, new ImportOptions { Format = "cocoa" })).Message, StringComparison.Ordinal);
        Assert.Contains("is not of the form coco-panoptic", Assert.Throws<ImportException>(() => AnnotationFolder.Open(file, new ImportOptions { Format = "coco-panoptic" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_would_do_nothing_are_refused()
    {
        var file = _folder.Write("a.json", Document(""));
        Assert.Equal("--masks does not apply to COCO instances; leave it out.", Assert.Throws<ImportException>(() => AnnotationFolder.Open(file, new ImportOptions { Masks = _folder.Path })).Message);
        Assert.Equal("--void-color does not apply to COCO instances; leave it out.", Assert.Throws<ImportException>(() => AnnotationFolder.Open(file, new ImportOptions { VoidColors = [default] })).Message);
    }

    [Fact]
    public void A_file_that_cannot_be_parsed_is_told_where_it_is_all_there_is_or_beside_others_of_its_form()
    {
        _folder.Write("annotations/a.json", """{"info": {""");
        Assert.Contains("a.json: it is damaged", Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        _folder.Write("annotations/b.json", Document(""));
        _folder.Write("annotations/README", "");
        Assert.Contains("a.json: it is damaged", Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(_folder["annotations/b.json"]);
        Assert.Contains("is of no form that is read", Assert.Throws<ImportException>(() => AnnotationFolder.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_is_refused_as_no_place_in_it_is_found_twice()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var path = $"/proc/self/fd/{pipe.GetClientHandleAsString()}";
        Assert.Equal($"{path} is a pipe; save it as a file first.", Assert.Throws<ImportException>(() => AnnotationFolder.Open(path)).Message);
    }

    [Fact]
    public void Whatever_is_damaged_a_message_tells_of_it()
    {
        var document = System.Text.Encoding.UTF8.GetBytes(Document("""
            {"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[0, 0, 2, 0, 2, 1, 0, 1]], "iscrowd": 0},
            {"id": 2, "image_id": 1, "category_id": 9, "segmentation": {"counts": [2, 1, 5], "size": [2, 4]}},
            {"id": 3, "image_id": 1, "category_id": 9, "segmentation": {"counts": "026", "size": [2, 4]}}
            """));
        Gen.Const(document).Damaged().Holds(1500, file =>
        {
            var path = _folder.Write("damaged.json", file);
            try
            {
                using var set = AnnotationFolder.Open(path);
                foreach (var picture in set.Pictures(CancellationToken.None))
                    set.Read(picture);
            }
            catch (ImportException error)
            {
                Assert.DoesNotContain("Exception", error.Message, StringComparison.Ordinal);
            }
        }, Damage.Print);
    }

    private IAnnotationSet Set(string annotations) => _folder.Open("a.json", Document(annotations));

    private static string Document(string annotations) =>
        $$"""{"info": {"images": 1}, "images": [{"id": 1, "file_name": "a.jpg", "width": 4, "height": 2}], {{Categories}}, "annotations": [{{annotations}}]}""";
}
