using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Formats.Importing;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Exports of the annotators' forms, YOLO's, VOC's and NumPy's, opened again: no pixel is another.</summary>
public sealed class RoundTripOfAnnotatorsTests : IDisposable
{
    private readonly TemporaryFolder _pictures = new();

    public static TheoryData<string, ExportShapes> Shapes => new()
    {
        { "cvat", ExportShapes.Auto }, { "cvat", ExportShapes.Polygon }, { "cvat", ExportShapes.Mask }, { "labelstudio", ExportShapes.Auto }, { "labelstudio", ExportShapes.Polygon }, { "yolo-seg", ExportShapes.Auto },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Regions_come_back_as_they_were(string format, ExportShapes shapes)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync(format, options => options with { Shapes = shapes });
        var pictures = _pictures.WritePictures("pictures", Opened.All);
        using var set = Opened.Open(folder.Out, options => options with { Pictures = pictures });
        Assert.True(set.LeavesBackground);
        set.AssertHolds(Opened.All, LabelledFolder.FourClasses);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Regions_come_back_whatever_pictures_and_classes_are_called(string format, ExportShapes shapes)
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync(format, options => options with { Shapes = shapes });
        Assert.Empty(folder.Failures);
        var pictures = _pictures.WritePictures("pictures", HandMade.Pictures);
        using var set = Opened.Open(folder.Out, options => options with { Pictures = pictures });
        set.AssertHolds(HandMade.Pictures, HandMade.Classes);
        Assert.Equal(HandMade.Classes[5].Name, Assert.Single(set.Classes, label => label.Name == "Käfer").Name);
    }

    [Fact]
    public async Task Yolo_finds_the_pictures_where_its_tools_look_for_them()
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync("yolo-seg");
        foreach (var (name, mask) in HandMade.Pictures)
        {
            var path = Path.Combine(folder.Out, "images/train", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, RawPng.Write(new ushort[mask.Width * mask.Height], mask.Width, RawPng.Grey, 8), TestContext.Current.CancellationToken);
        }
        using var set = Opened.Open(folder.Out);
        set.AssertHolds(HandMade.Pictures, HandMade.Classes);
        Assert.Empty(set.Notices);
    }

    [Fact]
    public async Task Without_its_picture_a_yolo_label_has_no_size()
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        await folder.ExportAsync("yolo-seg");
        // An export that tells the sizes needs no pictures.
        File.Delete(Path.Combine(folder.Out, "images.meta"));
        using var set = Opened.Open(folder.Out);
        var message = Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message;
        Assert.Contains("its picture a.jpg (or with another ending) is missing", message, StringComparison.Ordinal);
        Assert.Contains("--pictures", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Voc_comes_back_by_its_indices_and_by_the_colours_of_its_label_map_with_void(bool byIndex)
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("voc", options => options with { Classes = [0, 1, 3] });
        // As CVAT and Datumaro write it, there are the colours alone.
        foreach (var name in byIndex ? [] : (string[])["labels.json", FolderMarker.FileName])
            File.Delete(Path.Combine(folder.Out, name));
        using var set = Opened.Open(folder.Out);
        Assert.False(set.LeavesBackground);
        Assert.Equal(byIndex ? 4 : 3, set.Classes.Count);
        set.AssertHolds(Opened.All.ToDictionary(item => item.Key, item => item.Value.Without(2)), LabelledFolder.FourClasses, withEndings: false);
    }

    [Fact]
    public async Task Npy_of_bytes_comes_back_with_void()
    {
        using var folder = HandMade.Folder();
        await folder.ExportAsync("npy", options => options with { Classes = [0, 1, 2, 3, 5, 6] });
        using var set = Opened.Open(folder.Out);
        set.AssertHolds(HandMade.Pictures.ToDictionary(item => item.Key, item => item.Value.Without(4)), HandMade.Classes, withEndings: false);
    }

    [Fact]
    public async Task Npy_of_16_bits_comes_back_with_void()
    {
        LabelClass[] classes = [.. Enumerable.Range(0, 300).Select(i => new LabelClass { Name = $"class {i}" })];
        using var folder = new LabelledFolder(classes);
        var mask = Mask.Random(7, 40, 30, (x, y) => (y * 40 + x) % 300);
        folder.Add("a.jpg", mask);
        await folder.ExportAsync("npy", options => options with { Classes = [.. Enumerable.Range(0, 300).Where(i => i != 255)] });
        using var set = Opened.Open(folder.Out);
        set.AssertHolds(new Dictionary<string, Mask> { ["a.jpg"] = mask.Without(255) }, classes, withEndings: false);
    }

    public void Dispose() => _pictures.Dispose();
}
