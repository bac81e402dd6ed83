using System.Runtime.InteropServices;
using Sclip.Contracts;
using Sclip.Formats.Importing;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Importing;

/// <summary>Masks of others: indices in grey, palettes, three equal channels and TIFFs, colours, NumPy's arrays, and what is none of them.</summary>
public sealed class MaskImportTests : IDisposable
{
    private static readonly LabelClass[] Two = [new() { Name = "car", Color = new(10, 20, 30) }, new() { Name = "road", Color = new(200, 100, 0) }];
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[]> Files => new()
    {
        { "grey.png", RawPng.Write([0, 1, 255], 3, RawPng.Grey, 8) }, { "palette.png", RawPng.Write([0, 1, 255], 3, RawPng.Palette, 8, palette: 256) }, { "grey16.png", RawPng.Write([0, 1, 255], 3, RawPng.Grey, 16) },
        { "equal.png", RawPng.Write([0, 0, 0, 1, 1, 1, 255, 255, 255], 3, RawPng.Rgb, 8) }, { "grey.tif", RawTiff.Write([0, 1, 255], 3, 8) }, { "grey16.tiff", RawTiff.Write([0, 1, 65535], 3, 16) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Indices_are_read_however_they_are_stored(string name, byte[] file)
    {
        _folder.Write(name, file);
        using var set = Open(Two);
        Assert.Equal([name], set.Pictures());
        Assert.Equal("3 x 1\n01.", Text(set.Read(name)));
        Assert.False(set.LeavesBackground);
    }

    [Fact]
    public void Values_of_16_bits_are_not_cut_to_8()
    {
        _folder.Write("a.tif", RawTiff.Write([0, 257, 65535], 3, 16));
        _folder.Write("b.png", RawPng.Write([0, 258, 255], 3, RawPng.Grey, 16));
        LabelClass[] many = [.. Enumerable.Range(0, 300).Select(i => new LabelClass { Name = $"class {i}" })];
        using var set = Open(many);
        Assert.Equal([0, 257, LabelMap.Nothing], set.Read("a.tif").Labels);
        Assert.Equal([0, 258, 255], set.Read("b.png").Labels);
    }

    [Theory]
    [InlineData("ann_dir/train/sub/a.png", "img_dir/train/sub/a.JPG", "sub/a.JPG")]
    [InlineData("masks/sub/a.png", "images/sub/a.webp", "sub/a.webp")]
    [InlineData("masks/a.v1.png", "elsewhere/a.jpg", "a.v1.png")]
    [InlineData("sub/a.jpg.png", "elsewhere/a.jpg", "sub/a.jpg")]
    public void A_picture_is_called_as_it_is_where_it_is_found_else_as_its_mask(string mask, string picture, string name)
    {
        _folder.Write(mask, RawPng.Write([1], 1, RawPng.Grey, 8));
        _folder.Write(picture, "a picture");
        using var set = Open(Two);
        Assert.Equal([name], set.Pictures());
        Assert.Equal([1], set.Read(name).Labels);
    }

    [Fact]
    public void Colours_are_those_of_the_classes_or_of_none()
    {
        _folder.Write("a.png", Rgb(new(10, 20, 30), new(200, 100, 0), new(9, 9, 9)));
        // Black alone might be indices; others of the folder tell that it is a colour.
        _folder.Write("0.png", Rgb(new(9, 9, 9), new(9, 9, 9)));
        using (var set = Open(Two))
        {
            var message = Assert.Throws<ImportException>(() => set.Read("a.png")).Message;
            Assert.Contains("a.png: pixel (2, 0) is #090909, the colour of no class. Where it means none, give --void-color #090909.", message, StringComparison.Ordinal);
        }
        using (var set = Open(Two, new RgbColor(9, 9, 9)))
        {
            Assert.Equal("3 x 1\n01.", Text(set.Read("a.png")));
            Assert.Equal("2 x 1\n..", Text(set.Read("0.png")));
        }
    }

    [Fact]
    public void A_void_colour_goes_before_the_index_that_is_stored()
    {
        _folder.Write("a.png", RawPng.Write([0, 0, 0, 1, 1, 1], 2, RawPng.Rgb, 8));
        using var set = Open(Two, new RgbColor(1, 1, 1));
        Assert.Equal("2 x 1\n0.", Text(set.Read("a.png")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Black_is_the_colour_of_its_class_however_many_black_masks_come_first(bool onlyBlack)
    {
        for (var i = 0; i < 60; i++)
            _folder.Write($"{i:00}.png", Rgb(default, default));
        if (!onlyBlack)
            _folder.Write("last.png", Rgb(new(10, 20, 30), default));
        using var set = Open([Two[0], new() { Name = "night", Color = default(RgbColor) }]);
        Assert.Equal("2 x 1\n11", Text(set.Read("00.png")));
        if (!onlyBlack)
            Assert.Equal("2 x 1\n01", Text(set.Read("last.png")));
    }

    [Fact]
    public void Black_that_is_no_class_s_is_index_0_only_where_no_mask_has_colours()
    {
        for (var i = 0; i < 60; i++)
            _folder.Write($"{i:00}.png", Rgb(default, default));
        using (var set = Open(Two))
            Assert.Equal("2 x 1\n00", Text(set.Read("00.png")));
        _folder.Write("last.png", Rgb(new RgbColor(10, 20, 30)));
        using (var set = Open(Two))
            Assert.Contains("pixel (0, 0) is #000000, the colour of no class", Assert.Throws<ImportException>(() => set.Read("00.png")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_channels_of_classes_numbers_are_indices_though_black_is_a_colour()
    {
        _folder.Write("0.png", Rgb(default, default));
        _folder.Write("1.png", Rgb(new(1, 1, 1), default));
        using var set = Open([Two[0], Two[1], new() { Name = "night", Color = default(RgbColor) }]);
        Assert.Equal("2 x 1\n00", Text(set.Read("0.png")));
        Assert.Equal("2 x 1\n10", Text(set.Read("1.png")));
    }

    [Fact]
    public void A_tiff_alone_is_of_no_form_that_is_read() => Assert.Contains("is of no form that is read", Opened.Refusal(_folder.Write("mask.tif", RawTiff.Write([.. Enumerable.Range(0, 200).Select(i => (ushort)i)], 20, 16))), StringComparison.Ordinal);

    [Fact]
    public void Colours_that_nothing_explains_are_told_for_what_they_look_like()
    {
        _folder.Write("a.png", Rgb(new(17, 1, 0), new(4, 2, 0)));
        using (var set = Open([new() { Name = "car" }]))
            Assert.Contains("It looks like a panoptic PNG; give its JSON", Assert.Throws<ImportException>(() => set.Read("a.png")).Message, StringComparison.Ordinal);
        _folder.Write("a.png", RawPng.Write([.. Enumerable.Range(0, 4000).SelectMany(i => (ushort[])[(ushort)(i % 256), (ushort)(i / 256), 77])], 100, RawPng.Rgb, 8));
        using (var set = Open([new() { Name = "car" }]))
        {
            var message = Assert.Throws<ImportException>(() => set.Read("a.png")).Message;
            Assert.DoesNotContain("panoptic", message, StringComparison.Ordinal);
            Assert.Contains("Masks are grey or palette pictures", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_value_of_no_class_is_told_by_its_pixel()
    {
        _folder.Write("a.png", RawPng.Write([0, 1, 2, 0], 2, RawPng.Grey, 8));
        using var set = Open(Two);
        Assert.Contains("a.png: pixel (0, 1) is 2, and the 2 classes have indices 0 to 1, 255 being none", Assert.Throws<ImportException>(() => set.Read("a.png")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_without_classes_and_damaged_ones_are_refused_and_other_files_told()
    {
        _folder.Write("a.png", RawPng.Write([0], 1, RawPng.Grey, 8));
        Assert.Contains("Give them by --labels", Opened.Refusal(_folder.Path, options => options with { Format = "masks" }), StringComparison.Ordinal);
        _folder.Write("labels.json", MaskLabels.Write(Two));
        _folder.Write("b.png", RawPng.Write([0], 1, RawPng.Grey, 8)[..40]);
        using var set = Opened.Open(_folder.Path);
        Assert.Equal("car", set.Classes[0].Name);
        Assert.Contains("b.png: the PNG is truncated or damaged", Assert.Throws<ImportException>(() => set.Read("b.png")).Message, StringComparison.Ordinal);
        Assert.Equal(["1 file was passed over: 1 .json."], set.Notices);
    }

    [Fact]
    public void Voc_of_its_own_has_its_21_classes_and_void()
    {
        _folder.Write("SegmentationClass/2007_000032.png", RawPng.Write([0, 15, 255], 3, RawPng.Palette, 8, palette: 256));
        _folder.Write("JPEGImages/2007_000032.jpg", "a picture");
        _folder.Write("ImageSets/Segmentation/val.txt", "2007_000032\n2007_000033\n");
        using var set = Opened.Open(_folder.Path);
        Assert.Equal(["2007_000032.jpg"], set.Pictures());
        Assert.Equal((21, "person"), (set.Classes.Count, set.Classes[15].Name));
        Assert.Equal([0, 15, LabelMap.Nothing], set.Read("2007_000032.jpg").Labels);
        Assert.Equal(["1 name of ImageSets/Segmentation without a mask: passed over."], set.Notices);
    }

    [Theory]
    [InlineData("person", "road", 15, 21, "person", null)]
    [InlineData("road", "Person", 20, 21, "person", null)]
    [InlineData("road", "person", 21, 22, null, "b.png has the value 21, which none of Pascal VOC's own has")]
    [InlineData("road", "car park", 20, 22, null, "they know none of Pascal VOC's own names")]
    public void Indices_of_voc_are_its_own_and_those_of_labels_where_they_cannot_be(string first, string second, int value, int classes, string? of15, string? reason)
    {
        _folder.Write("SegmentationClass/a.png", RawPng.Write([0, 15, 255], 3, RawPng.Grey, 8));
        _folder.Write("SegmentationClass/b.png", RawPng.Write([(ushort)value], 1, RawPng.Grey, 8));
        LabelClass[] labels = [new() { Name = first }, new() { Name = second }, .. Enumerable.Range(2, 20).Select(i => new LabelClass { Name = $"class {i}" })];
        using var set = Opened.Open(_folder.Path, options => options with { Labels = labels });
        Assert.Equal((classes, of15 ?? "class 15"), (set.Classes.Count, set.Classes[15].Name));
        Assert.Equal(value, set.Read("b.jpg").Labels[0]);
        if (reason is null)
            Assert.Empty(set.Notices);
        else
            Assert.EndsWith($"{reason}.", Assert.Single(set.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:128,0,0::\nignored:224,224,192::\n")]
    [InlineData("# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:128,0,0::\n")]
    public void A_label_map_tells_classes_by_their_colours_and_void_is_none(string labelMap)
    {
        _folder.Write("SegmentationClass/a.png", Rgb(new(0, 0, 0), new(128, 0, 0), new(224, 224, 192)));
        _folder.Write("labelmap.txt", labelMap);
        using var set = Opened.Open(_folder.Path);
        Assert.Equal(["background", "road"], set.Classes.Select(label => label.Name));
        Assert.Equal("3 x 1\n01.", Text(set.Read("a.jpg")));
    }

    [Fact]
    public void A_colour_that_a_label_map_does_not_declare_is_refused_unless_it_is_void()
    {
        _folder.Write("SegmentationClass/a.png", Rgb(new(0, 0, 0), new(1, 2, 3)));
        _folder.Write("labelmap.txt", "background:0,0,0::\n");
        using (var set = Opened.Open(_folder.Path))
            Assert.Contains("pixel (1, 0) is #010203", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
        using (var set = Opened.Open(_folder.Path, options => options with { VoidColors = [new(1, 2, 3)] }))
            Assert.Equal("2 x 1\n0.", Text(set.Read("a.jpg")));
        File.Delete(_folder["labelmap.txt"]);
        using (var set = Opened.Open(_folder.Path))
            Assert.Contains("no labelmap.txt beside SegmentationClass", Assert.Throws<ImportException>(() => set.Read("a.jpg")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("|i1", 1, -1)]
    [InlineData("<i2", 2, -1)]
    [InlineData("<u4", 4, 255)]
    [InlineData("<i4", 4, 65535)]
    [InlineData("<i8", 8, -1)]
    [InlineData("<u8", 8, 255)]
    public void Arrays_of_every_whole_number_are_read(string descr, int bytes, int nothing)
    {
        _folder.Write("a.npy", [.. Npy.Header(descr, 1, 3), .. ((long[])[0, 1, nothing]).SelectMany(value => BitConverter.GetBytes(value)[..bytes])]);
        using var set = Open(Two);
        Assert.Equal("3 x 1\n01.", Text(set.Read("a.png")));
    }

    [Fact]
    public void Arrays_that_are_no_label_maps_are_refused()
    {
        Assert.Contains("pixel (1, 0) is -2", Refusal([.. Npy.Header("<i8", 1, 2), .. MemoryMarshal.AsBytes<long>([0, -2])]), StringComparison.Ordinal);
        Assert.Contains("pixel (0, 0) is 70000", Refusal([.. Npy.Header("<i4", 1, 1), .. BitConverter.GetBytes(70000)]), StringComparison.Ordinal);
        Assert.Contains("pixel (0, 0) is 9223372036854775807", Refusal([.. Npy.Header("<u8", 1, 1), .. BitConverter.GetBytes(ulong.MaxValue)]), StringComparison.Ordinal);
        Assert.Contains("3 axes (1, 1, 2)", Refusal([.. Npy.Header("|u1", 1, 1, 2), 0, 0]), StringComparison.Ordinal);
        Assert.Contains("'<f4', which are no whole numbers", Refusal([.. Npy.Header("<f4", 1, 1), .. new byte[4]]), StringComparison.Ordinal);
        Assert.Contains("the file holds 1", Refusal([.. Npy.Header("|u1", 1, 2), 0]), StringComparison.Ordinal);
        Assert.Contains("more than the limit", Refusal([.. Npy.Header("|u1", 100000, 100000), 0]), StringComparison.Ordinal);
        Assert.Contains("Fortran", Refusal(System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString([.. Npy.Header("|u1", 1, 2), 0, 0]).Replace("False, 'shape': (1, 2), }", "True, 'shape': (1, 2), } ", StringComparison.Ordinal))), StringComparison.Ordinal);

        string Refusal(byte[] file)
        {
            _folder.Write("a.npy", file);
            using var set = Open(Two);
            return Assert.Throws<ImportException>(() => set.Read("a.png")).Message;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Rgb(params RgbColor[] pixels) => RawPng.Write([.. pixels.SelectMany(color => (ushort[])[color.R, color.G, color.B])], pixels.Length, RawPng.Rgb, 8);

    private static string Text(LabelMap map) => new Mask(map.Width, map.Height, [.. map.Labels.Select(label => label == LabelMap.Nothing ? Mask.None : label)]).Text;

    private IAnnotationSet Open(LabelClass[] classes, params RgbColor[] none) => Opened.Open(_folder.Path, options => options with { Labels = classes, VoidColors = none });
}
