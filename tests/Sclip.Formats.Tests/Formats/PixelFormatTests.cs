using System.Globalization;
using System.Text;
using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Formats of a value a pixel, each read back and compared pixel by pixel.</summary>
public sealed class PixelFormatTests
{
    [Fact]
    public async Task Pixels_of_classes_that_are_not_asked_for_are_void_and_ids_stay()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("voc", options => options with { Classes = [2] });
        foreach (var (name, mask) in Mask.All)
            folder.Values($"SegmentationClass/{name}.png", nothing: 255, offset: 0).AssertIs(mask.Without(0, 1, 3), name);
        Assert.DoesNotContain("grass", folder.Text("labelmap.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ade20k_counts_classes_from_one_and_tells_their_shares()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("ade20k", options => options with { Classes = [1, 2, 3], Things = [2] });
        foreach (var (name, mask) in Mask.All)
        {
            // reduce_zero_label: 0 becomes the ignored 255, and all others are one less.
            var (labels, width, height) = MaskDecoder.Read(folder.Bytes($"annotations/training/{name}.png"), ImageLimits.Default);
            new Mask(width, height, [.. labels.Select(label => label == 0 ? Mask.None : label - 1)]).AssertIs(mask.Without(0), name);
        }
        var rows = folder.Text("objectInfo.txt").TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).ToArray();
        Assert.Equal(["Idx", "Ratio", "Train", "Val", "Stuff", "Name"], rows[0]);
        Assert.Equal(["2", "3", "4"], rows[1..].Select(row => row[0]));
        Assert.Equal(["grass, meadow", "a \"boat\" & <oar>", "Käfer"], rows[1..].Select(row => row[5]));
        Assert.Equal(["1", "0", "1"], rows[1..].Select(row => row[4]));
        var pixels = Mask.All.Values.SelectMany(mask => mask.Labels).Where(label => label > 0).CountBy(label => label).ToDictionary();
        Assert.Equal(Math.Round((double)pixels[1] / pixels.Values.Sum(), 4), double.Parse(rows[1][1], CultureInfo.InvariantCulture));
        Assert.Equal(Mask.All.Values.Count(mask => mask.Labels.Contains(3)), int.Parse(rows[3][2], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Npy_has_an_array_of_height_and_width()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("npy", options => options with { Classes = [0, 1, 2] });
        foreach (var (name, mask) in Mask.All)
        {
            var (values, shape) = ReadNpy(folder.Bytes($"arrays/{name}.npy"), "|u1");
            Assert.Equal([mask.Height, mask.Width], shape);
            Assert.Equal(mask.Labels.Select(label => label == 3 ? 255 : label), values.Select(value => (int)value));
        }
    }

    [Fact]
    public async Task More_than_255_classes_are_16_bits_in_npy_and_refused_where_there_are_8()
    {
        using var folder = new LabelledFolder([.. Enumerable.Range(0, 400).Select(i => new LabelClass { Name = $"class {i}" })]);
        folder.Add("a.jpg", new Mask(3, 1, [0, 255, 399]));
        foreach (var format in (string[])["voc", "coco-stuff", "ade20k", "cityscapes", "mmseg", "hf", "hf-parquet"])
        {
            var error = await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync(format));
            Assert.Contains("index 399 ('class 399')", error.Message, StringComparison.Ordinal);
        }
        await folder.ExportAsync("npy", options => options with { Classes = [0, 399] });
        var (bytes, _) = ReadNpy(folder.Bytes("arrays/a.npy"), "<u2");
        Assert.Equal([0, 65535, 399], Enumerable.Range(0, 3).Select(i => (int)BitConverter.ToUInt16(bytes, 2 * i)));
        await folder.ExportAsync("voc", options => options with { Classes = [0, 254], Force = true });
        folder.Values("SegmentationClass/a.png", nothing: 255, offset: 0).AssertIs(new Mask(3, 1, [0, -1, -1]), "a");
    }

    [Fact]
    public async Task Ade20k_holds_no_class_that_its_reader_takes_for_none()
    {
        using var folder = new LabelledFolder([.. Enumerable.Range(0, 255).Select(i => new LabelClass { Name = $"class {i}" })]);
        folder.Add("a.jpg", new Mask(2, 1, [0, 253]));
        Assert.Contains("index 254 ('class 254')", (await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync("ade20k"))).Message, StringComparison.Ordinal);
        await folder.ExportAsync("ade20k", options => options with { Classes = [0, 253] });
        // reduce_zero_label: 0 becomes 255, all others one less, and 254 becomes 255 as well.
        var (values, _, _) = MaskDecoder.Read(folder.Bytes("annotations/training/a.png"), ImageLimits.Default);
        Assert.Equal([0, 253], values.Select(value => value == 0 ? 255 : value - 1).Select(value => value == 254 ? 255 : value));
    }

    [Fact]
    public async Task Cityscapes_has_ids_train_ids_colours_and_polygons()
    {
        using var folder = LabelledFolder.OfAll();
        folder.Add("aachen/aachen_000000_000019_leftImg8bit.png", Mask.All["nested"]);
        await folder.ExportAsync("cityscapes", options => options with { Classes = [1, 2, 3] });
        foreach (var (name, mask) in Mask.All.Append(new("aachen", Mask.All["nested"])))
        {
            var start = $"gtFine/train/{(name == "aachen" ? "aachen/aachen_000000_000019" : $"images/{name}")}_gtFine_";
            folder.Values($"{start}labelIds.png", nothing: 0, offset: 1).AssertIs(mask.Without(0), name);
            folder.Values($"{start}labelTrainIds.png", nothing: 255, offset: 0).AssertIs(mask.Without(0), name);
            var colors = ImageDecoder.Decode(folder.Bytes($"{start}color.png"), ImageLimits.Default).Pixels.Chunk(3);
            Assert.Equal(mask.Labels.Select(label => label switch { 1 => (10, 200, 30), 2 => (0, 128, 0), 3 => (128, 128, 0), _ => (0, 0, 0) }), colors.Select(rgb => ((int)rgb[0], (int)rgb[1], (int)rgb[2])));
        }
        Assert.Equal("grass\t2\t1\t#0ac81e", folder.Text("labels.tsv").Split('\n')[1]);
    }

    [Fact]
    public async Task Names_of_cityscapes_have_the_ids_of_cityscapes()
    {
        using var folder = new LabelledFolder([new() { Name = "sky" }, new() { Name = "street", Synonyms = ["road"] }, new() { Name = "car" }]);
        folder.Add("a.png", new Mask(3, 1, [0, 1, 2]));
        await folder.ExportAsync("cityscapes");
        folder.Values("gtFine/train/images/a_gtFine_labelIds.png", nothing: 0, offset: 0).AssertIs(new Mask(3, 1, [23, 7, 26]), "ids");
        folder.Values("gtFine/train/images/a_gtFine_labelTrainIds.png", nothing: 255, offset: 0).AssertIs(new Mask(3, 1, [10, 0, 13]), "train ids");
        Assert.Contains("\"label\":\"road\"", folder.Text("gtFine/train/images/a_gtFine_polygons.json"), StringComparison.Ordinal);
    }

    private static (byte[] Values, int[] Shape) ReadNpy(byte[] file, string type)
    {
        Assert.Equal("\u0093NUMPY\u0001\0", Encoding.Latin1.GetString(file, 0, 8));
        var length = BitConverter.ToUInt16(file, 8);
        Assert.Equal(0, (10 + length) % 64);
        var header = Encoding.ASCII.GetString(file, 10, length);
        Assert.StartsWith($"{{'descr': '{type}', 'fortran_order': False, 'shape': (", header, StringComparison.Ordinal);
        return (file[(10 + length)..], [.. header[(header.LastIndexOf('(') + 1)..header.IndexOf(')', StringComparison.Ordinal)].Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))]);
    }
}
