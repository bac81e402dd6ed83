using Sclip.Evaluation.Datasets;
using Sclip.Evaluation.Presets;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Evaluation.Tests.Datasets;

/// <summary>Data sets in the directory layouts that they are published or prepared in.</summary>
public sealed class LayoutTests : IDisposable
{
    private const int Ignored = LabelTable.Ignored;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Preset, root, picture, ground truth, list of the pictures; ids in the ground truth, and the classes that they are.</summary>
    public static TheoryData<string, string, string, string, string?, int[], int[]> Layouts => new()
    {
        {
            "voc21", "VOCdevkit/VOC2012", "JPEGImages/2007_000033.jpg", "SegmentationClass/2007_000033.png", "ImageSets/Segmentation/val.txt",
            [0, 1, 20, 255], [0, 1, 20, Ignored]
        },
        {
            "voc20", "VOC2012", "JPEGImages/2007_000033.jpg", "SegmentationClass/2007_000033.png", "ImageSets/Segmentation/val.txt",
            [0, 1, 20, 255], [Ignored, 0, 19, Ignored]
        },
        {
            "context60", "VOCdevkit/VOC2010", "JPEGImages/2008_000002.jpg", "SegmentationClassContext/2008_000002.png", "ImageSets/SegmentationContext/val.txt",
            [0, 1, 59, 255], [0, 1, 59, Ignored]
        },
        {
            "context59", "VOC2010", "JPEGImages/2008_000002.jpg", "SegmentationClassContext/2008_000002.png", "ImageSets/SegmentationContext/val.txt",
            [0, 1, 59, 255], [Ignored, 0, 58, Ignored]
        },
        {
            "ade20k", "ADEChallengeData2016", "images/validation/ADE_val_00000001.jpg", "annotations/validation/ADE_val_00000001.png", null,
            [0, 1, 150], [Ignored, 0, 149]
        },
        {
            "cityscapes", "cityscapes", "leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png", "gtFine/val/lindau/lindau_000000_000019_gtFine_labelTrainIds.png", null,
            [0, 18, 255], [0, 18, Ignored]
        },
        {
            "cityscapes", "cityscapes", "leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png", "gtFine/val/lindau/lindau_000000_000019_gtFine_labelIds.png", null,
            [0, 6, 7, 8, 9, 11, 17, 19, 25, 29, 31, 33], [Ignored, Ignored, 0, 1, Ignored, 2, 5, 6, 12, Ignored, 16, 18]
        },
        {
            "coco-stuff", "coco_stuff164k", "images/val2017/000000000139.jpg", "annotations/val2017/000000000139_labelTrainIds.png", null,
            [0, 80, 170, 255], [0, 80, 170, Ignored]
        },
        {
            "coco-stuff", "coco_stuff164k", "images/val2017/000000000139.jpg", "annotations/val2017/000000000139.png", null,
            [0, 10, 12, 24, 26, 27, 30, 89, 91, 181, 255], [0, 10, 11, 23, 24, 25, 26, 79, 80, 170, Ignored]
        },
        {
            "coco-stuff", "coco", "val2017/000000000139.jpg", "stuffthingmaps/val2017/000000000139.png", null,
            [0, 181], [0, 170]
        },
        {
            "coco-object", "coco_object", "images/val2017/000000000139.jpg", "annotations/val2017/000000000139_instanceTrainIds.png", null,
            [0, 1, 80], [0, 1, 80]
        },
        {
            "coco-object", "coco_stuff164k", "images/val2017/000000000139.jpg", "annotations/val2017/000000000139_labelTrainIds.png", null,
            [0, 79, 80, 170, 255], [1, 80, 0, 0, 0]
        },
        {
            "coco-object", "coco", "val2017/000000000139.jpg", "stuffthingmaps/val2017/000000000139.png", null,
            [0, 12, 89, 91, 181, 255], [1, 12, 80, 0, 0, 0]
        },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_data_set_is_read_in_its_own_layout(string preset, string root, string picture, string truth, string? split, int[] ids, int[] classes)
    {
        _folder.Picture($"{root}/{picture}", ids.Length, 2);
        _folder.Truth($"{root}/{truth}", [.. ids.Concat(ids).Select(id => (ushort)id)], ids.Length, 2);
        if (split is not null)
        {
            // What the list does not name is another split's.
            _folder.Picture($"{root}/{picture.Replace("200", "199", StringComparison.Ordinal)}", 3, 3);
            _folder.Write($"{root}/{split}", Path.GetFileNameWithoutExtension(picture) + "\n");
        }
        foreach (var given in (string[])["", root])
        {
            var data = DataSet.Open(BenchmarkPresets.Find(preset).Layout, _folder[given]);
            Assert.Equal(1, data.Count);
            var (pixels, labels) = data[0].Read(ImageLimits.Default);
            Assert.Equal((ids.Length, 2), (pixels.Width, pixels.Height));
            Assert.Equal(classes.Concat(classes), labels.Select(label => (int)label));
        }
    }

    [Fact]
    public void Prepared_ground_truth_goes_before_the_publishers()
    {
        _folder.Picture("images/val2017/1.jpg", 1, 1);
        _folder.Truth("annotations/val2017/1.png", [181], 1, 1);
        _folder.Truth("annotations/val2017/1_labelTrainIds.png", [42], 1, 1);
        Assert.Equal([42], DataSet.Open(BenchmarkPresets.Find("coco-stuff").Layout, _folder.Path)[0].Read(ImageLimits.Default).Truth);
    }

    [Fact]
    public void Pictures_come_in_the_order_of_the_list_or_of_their_names()
    {
        foreach (var (city, name) in ((string, string)[])[("munster", "a"), ("lindau", "b"), ("frankfurt", "c")])
            _folder.Picture($"leftImg8bit/val/{city}/{name}_leftImg8bit.png", 2, 2);
        Directory.CreateDirectory(_folder["gtFine/val"]);
        var cities = DataSet.Open(BenchmarkPresets.Find("cityscapes").Layout, _folder.Path);
        Assert.Equal(["frankfurt/c", "lindau/b", "munster/a"], Enumerable.Range(0, cities.Count).Select(i => cities[i].Name));

        foreach (var part in (string[])["JPEGImages", "SegmentationClass"])
            Directory.CreateDirectory(_folder[part]);
        _folder.Write("ImageSets/Segmentation/val.txt", "b\n\na\r\n c \n");
        var listed = DataSet.Open(BenchmarkPresets.Find("voc21").Layout, _folder.Path);
        Assert.Equal(["b", "a", "c"], Enumerable.Range(0, listed.Count).Select(i => listed[i].Name));
    }

    [Fact]
    public void What_is_missing_of_a_data_set_is_named_with_what_is_expected()
    {
        var layout = BenchmarkPresets.Find("voc21").Layout;
        Directory.CreateDirectory(_folder["VOCdevkit/VOC2012/JPEGImages"]);
        Directory.CreateDirectory(_folder["VOCdevkit/VOC2012/SegmentationClass"]);
        var error = Assert.Throws<EvaluationException>(() => DataSet.Open(layout, _folder.Path));
        Assert.StartsWith($"{_folder.Path}: ImageSets/Segmentation/val.txt is missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("VOCdevkit/VOC2012", error.Message, StringComparison.Ordinal);
        Assert.Contains("pictures JPEGImages/*.jpg, ground truth SegmentationClass/*.png", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);

        _folder.Write("VOCdevkit/VOC2012/ImageSets/Segmentation/val.txt", "\n \n");
        Assert.EndsWith("val.txt names no picture.", Assert.Throws<EvaluationException>(() => DataSet.Open(layout, _folder.Path)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("empty: JPEGImages is missing", Assert.Throws<EvaluationException>(() => DataSet.Open(layout, _folder["empty"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_pictures_is_named()
    {
        foreach (var part in (string[])["images/validation", "annotations/validation"])
            Directory.CreateDirectory(_folder[part]);
        var error = Assert.Throws<EvaluationException>(() => DataSet.Open(BenchmarkPresets.Find("ade20k").Layout, _folder.Path));
        Assert.Equal($"There are no pictures (*.jpg) in {_folder["images/validation"]}.", error.Message);
    }

    [Fact]
    public void Folders_of_ones_own_go_together_by_name()
    {
        _folder.Picture("in/b.jpg", 2, 1);
        _folder.Picture("in/below/a.png", 1, 1);
        _folder.Write("in/notes.txt", "no picture");
        _folder.Truth("truth/b.png", [1, 9], 2, 1);
        _folder.Truth("truth/below/a.png", [3], 1, 1);
        var data = DataSet.OfFolders(_folder["in"], _folder["truth"], LabelTable.Indices(3, ignore: 9));
        Assert.Equal(["b.jpg", "below/a.png"], Enumerable.Range(0, data.Count).Select(i => data[i].Name));
        Assert.Equal([1, LabelTable.Ignored], data[0].Read(ImageLimits.Default).Truth);
        var error = Assert.Throws<EvaluationException>(() => data[1].Read(ImageLimits.Default));
        Assert.Contains("has id 3 at x 0, y 0; its ids are 0-2, 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<EvaluationException>(() => DataSet.OfFolders(_folder["in"], _folder["no"], LabelTable.Indices(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_ones_own_may_mean_others_before_any_is_ignored_and_ground_truth_without_picture_is_told()
    {
        _folder.Picture("in/a.jpg", 4, 1);
        _folder.Truth("truth/a.png", [255, 0, 1, 7], 4, 1);
        _folder.Truth("truth/lost/b.png", [0], 1, 1);
        var table = LabelTable.WithoutZero(2).Behind(new Dictionary<int, int> { [255] = 2, [0] = 1, [7] = 0, [1] = 255 });
        var data = DataSet.OfFolders(_folder["in"], _folder["truth"], table);
        Assert.Equal([1, 0, LabelTable.Ignored, LabelTable.Ignored], data[0].Read(ImageLimits.Default).Truth);
        Assert.Equal((1, "lost/b"), (data.WithoutPicture.Count, data.WithoutPicture.ToString()));
    }

    [Fact]
    public void Ground_truth_may_have_the_pictures_whole_name_but_not_beside_the_other()
    {
        _folder.Picture("in/a.png", 2, 1);
        _folder.Picture("in/b.jpg", 2, 1);
        _folder.Picture("in/c.jpg", 2, 1);
        _folder.Truth("truth/a.png.png", [0, 1], 2, 1);
        _folder.Truth("truth/b.jpg.png", [1, 0], 2, 1);
        _folder.Truth("truth/c.png", [1, 1], 2, 1);
        var data = DataSet.OfFolders(_folder["in"], _folder["truth"], LabelTable.Indices(2));
        Assert.Equal([[0, 1], [1, 0], [1, 1]], Enumerable.Range(0, 3).Select(i => data[i].Read(ImageLimits.Default).Truth));
        Assert.Equal(0, data.WithoutPicture.Count);
        var error = Assert.Throws<EvaluationException>(() => DataSet.OfFolders(_folder["in"], _folder["in"], LabelTable.Indices(2))[1].Read(ImageLimits.Default));
        Assert.Equal($"there is no ground truth {_folder["in/b.png"]} or {_folder["in/b.jpg.png"]}.", error.Message);

        _folder.Truth("truth/b.png", [0, 0], 2, 1);
        error = Assert.Throws<EvaluationException>(() => DataSet.OfFolders(_folder["in"], _folder["truth"], LabelTable.Indices(2)));
        Assert.Equal($"{_folder["truth/b.png"]} and {_folder["truth/b.jpg.png"]} may both be the ground truth of b.jpg; take one of the two away.", error.Message);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_said_to_be_missing_itself() =>
        Assert.Equal($"The folder {_folder["no"]} does not exist.", Assert.Throws<EvaluationException>(() => DataSet.Open(BenchmarkPresets.Find("voc21").Layout, _folder["no"])).Message);

    [Fact]
    public void Ids_of_objects_that_were_never_annotated_are_no_classes()
    {
        _folder.Picture("images/val2017/1.jpg", 2, 1);
        _folder.Truth("annotations/val2017/1.png", [10, 11], 2, 1);
        var error = Assert.Throws<EvaluationException>(() => DataSet.Open(BenchmarkPresets.Find("coco-stuff").Layout, _folder.Path)[0].Read(ImageLimits.Default));
        Assert.Contains("has id 11 at x 1, y 0", error.Message, StringComparison.Ordinal);
    }
}
