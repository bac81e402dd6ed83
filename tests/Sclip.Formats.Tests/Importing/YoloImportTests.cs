using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>YOLO's data sets as their tools lay them out, and damaged ones.</summary>
public sealed class YoloImportTests : IDisposable
{
    // The left half of class 1, and in its upper half a region of class 0.
    private const string Label = "0 0 0 0.5 0 0.5 0.5 0 0.5\n1 0.0 0.0 0.5 0.0 0.5 1.0 0.0 1.0\n0 0.5 0.5 1 1\r\n";
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("path: ../datasets/mine # elsewhere\ntrain: images/train\nval: images/val\nnames:\n  0: car\n  1: road\n", "images/train/a.v1.jpg", "labels/train/a.v1.txt")]
    [InlineData("train: images/train\nval: images/train\nnc: 2\nnames: [car, road]\n", "images/train/a.v1.jpg", "labels/train/a.v1.txt")]
    [InlineData("train: ../train/images\nval: ../valid/images\nnc: 2\nnames: ['car', 'road']\nroboflow:\n  workspace: w\n", "train/images/a.v1.jpg", "train/labels/a.v1.txt")]
    [InlineData("train: [images/one, images/two]\nval:\ntest: null\nnames: [car, road]\n", "images/two/a.v1.jpg", "labels/two/a.v1.txt")]
    [InlineData("train: train.txt\nnames: [car, road]\n", "images/train/a.v1.jpg", "labels/train/a.v1.txt")]
    [InlineData("train: pictures\nnames: [car, road]\n", "pictures/a.v1.jpg", "pictures/a.v1.txt")]
    public void Labels_are_found_wherever_the_yaml_says_and_smaller_regions_lie_over_larger_ones(string yaml, string picture, string label)
    {
        _folder.Write("data.yaml", yaml);
        _folder.Write("train.txt", $"./{picture}\n");
        _folder.Write(picture, Picture(4, 2));
        _folder.Write(label, Label);
        using var set = Opened.Open(_folder.Path);
        Assert.Equal(["a.v1.jpg"], set.Pictures());
        Assert.Equal(["car", "road"], set.Classes.Select(item => item.Name));
        Assert.Equal("4 x 2\n00..\n11..", Text(set.Read("a.v1.jpg")));
        Assert.Equal(["1 line is a box, which is no mask: it was not read."], set.Notices);
    }

    [Fact]
    public void Labels_of_pictures_in_folders_called_images_stand_where_the_tools_look()
    {
        _folder.Write("data.yaml", "train: images/train\nnames: [car, road]\n");
        _folder.Write("images/train/images/deep/images/a.jpg", Picture(4, 2));
        _folder.Write("images/train/images/deep/labels/a.txt", Label);
        using var set = Opened.Open(_folder.Path);
        Assert.Equal(["images/deep/images/a.jpg"], set.Pictures());
        Assert.Equal("4 x 2\n00..\n11..", Text(set.Read("images/deep/images/a.jpg")));
    }

    [Fact]
    public void A_label_file_that_stands_in_both_places_for_a_picture_is_read_once_unless_they_differ()
    {
        _folder.Write("data.yaml", "train: train.txt\nval: val.txt\nnames: [car, road]\n");
        _folder.Write("train.txt", "./images/train/images/a.png\n");
        _folder.Write("val.txt", "");
        _folder.Write("images.meta", "\"images/a\" 2 4\n");
        _folder.Write("images/train/labels/a.txt", Label);
        _folder.Write("labels/train/images/a.txt", Label);
        using (var set = Opened.Open(_folder.Path))
        {
            Assert.Equal(["images/a.png"], set.Pictures());
            Assert.Equal("4 x 2\n00..\n11..", Text(set.Read("images/a.png")));
        }
        _folder.Write("labels/train/images/a.txt", "");
        Assert.Contains("both of the picture 'images/a.png'", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a \\\"b\\\"\" 2 4", true)]
    [InlineData("\"a \\\"b\\\"\" 4", false)]
    public void Sizes_of_pictures_that_are_missing_may_be_told(string line, bool isSound)
    {
        _folder.Write("data.yaml", "train: images/train\nnames: [car, road]\n");
        _folder.Write("labels/train/a \"b\".txt", Label);
        _folder.Write("images.meta", line + "\n");
        if (!isSound)
        {
            Assert.Contains("images.meta, line 1", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
            return;
        }
        using var set = Opened.Open(_folder.Path);
        Assert.Equal("4 x 2\n00..\n11..", Text(set.Read("a \"b\".jpg")));
    }

    [Fact]
    public void A_folder_without_its_yaml_needs_the_classes()
    {
        _folder.Write("images/a.jpg", Picture(4, 2));
        _folder.Write("labels/a.txt", Label);
        Assert.Contains("no data.yaml", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
        using var set = Opened.Open(_folder.Path, options => options with { Labels = [new() { Name = "car" }, new() { Name = "road" }] });
        Assert.Equal(["a.jpg"], set.Pictures());
        Assert.Equal("4 x 2\n00..\n11..", Text(set.Read("a.jpg")));
    }

    [Fact]
    public void Pictures_without_labels_are_told_and_those_of_empty_labels_are_background()
    {
        _folder.Write("data.yaml", "train: images/train\nnames: [car]\n");
        _folder.Write("images/train/a.jpg", Picture(4, 2));
        _folder.Write("images/train/b.jpg", Picture(3, 1));
        _folder.Write("labels/train/b.txt", "");
        using var set = Opened.Open(_folder.Path);
        Assert.Equal(["b.jpg"], set.Pictures());
        Assert.Equal("3 x 1\n...", Text(set.Read("b.jpg")));
        Assert.Equal(["1 picture without a label file: passed over."], set.Notices);
    }

    [Theory]
    [InlineData("0 0 0 1 0 1\n", "line 1: 6 numbers")]
    [InlineData("\n0 0 0 1 0 1 1 0\n", "line 2: 8 numbers")]
    [InlineData("0 0 0 1 0 1 1\n2 0 0 1 0 1 1\n", "line 2: class '2' is none of 0 to 1")]
    [InlineData("-1 0 0 1 0 1 1\n", "class '-1' is none")]
    [InlineData("0 0 0 1 zero 1 1\n", "'zero' is no share")]
    [InlineData("0 0 0 120 0 1 1\n", "'120' is no share of the picture's size")]
    [InlineData("0 0 0 NaN 0 1 1\n", "'NaN' is no share")]
    public void What_is_wrong_with_a_line_is_told(string label, string mention)
    {
        _folder.Write("data.yaml", "train: images/train\nnames: [car, road]\n");
        _folder.Write("images/train/a.jpg", Picture(4, 2));
        _folder.Write("labels/train/a.txt", label);
        using var set = Opened.Open(_folder.Path);
        Assert.Contains(mention, Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_the_path_of_no_file_is_told_with_its_place()
    {
        _folder.Write("labels/a.txt", "");
        _folder.Write("data.yaml", "train: \"a\\0b\"\nnames: [car]\n");
        Assert.Contains("data.yaml: train: 'a\uFFFDb' is no path", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
        _folder.Write("data.yaml", "train: train.txt\nnames: [car]\n");
        _folder.Write("train.txt", [.. "./a.jpg\n\n"u8, 1, 0, 2]);
        Assert.Contains("train.txt, line 3: ", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_the_labels_is_stopped_between_two()
    {
        _folder.Write("data.yaml", "names: [car]\n");
        _folder.Write("labels/a.txt", "");
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => AnnotationSets.Open(_folder["data.yaml"], ImportOptions.Default, stop.Token));
    }

    [Fact]
    public void What_cannot_be_opened_is_told()
    {
        _folder.Write("data.yaml", "train: images/train\nnames: [car]\n");
        Assert.Contains("is of no form that is read", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
        Assert.Contains("there are no labels", Opened.Refusal(_folder["data.yaml"]), StringComparison.Ordinal);
        Assert.Contains("there are no labels", Opened.Refusal(_folder.Path, options => options with { Format = "yolo-seg" }), StringComparison.Ordinal);
        foreach (var split in (string[])["one", "two"])
            _folder.Write($"labels/{split}/a.txt", "");
        _folder.Write("data.yaml", "train: images/one\nval: images/two\nnames: [car]\n");
        Assert.Contains("both of the picture 'a.jpg'", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
        _folder.Write("data.yaml", "train: images/one\nnames: {0: car, 2: road}\n]");
        Assert.Contains("data.yaml, line", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
        _folder.Write("data.yaml", "train: images/one\n");
        Assert.Contains("data.yaml", Opened.Refusal(_folder.Path), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Picture(int width, int height) => RawPng.Write(new ushort[width * height], width, RawPng.Grey, 8);

    private static string Text(LabelMap map) => new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label == LabelMap.Nothing ? Mask.None : label)]).Text;
}
