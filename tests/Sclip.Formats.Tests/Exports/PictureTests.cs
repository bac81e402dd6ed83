using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sclip.Contracts.Folders;
using Sclip.Formats.Pictures;
using Sclip.Formats.Tests.Readers;
using Sclip.Imaging;
using Sclip.Storage;

namespace Sclip.Formats.Tests.Exports;

/// <summary>The pictures themselves in an export: where its readers look, by the bytes that they have, upright, and of the mask's size.</summary>
public sealed class PictureTests : IDisposable
{
    private static readonly Mask Shape = Mask.All["nested"];
    private readonly LabelledFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>All that have pictures as files; tables of Parquet hold their bytes.</summary>
    public static TheoryData<string> Formats => [.. ExportFormat.All.Where(format => format.PictureAt is not null && format.Name != "hf-parquet").Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_picture_lies_where_its_format_says_and_no_two_in_one_place(string format)
    {
        foreach (var (i, name) in LabelledFolder.HandMadeNames.Index())
            Add(name, JpegEncoder.Encode(Picture(7, 7, i)));
        _folder.Mark(_folder.Pictures);
        await ExportAsync(format, options => options with { Validation = options.Format.HasNoSplits ? 0 : 0.3 });
        Assert.Empty(_folder.Failures);
        var places = _folder.Everything().Keys.Where(ImageDecoder.HasEnding).ToHashSet();
        var counts = _folder.Outcome!.Pictures!;
        Assert.Equal(LabelledFolder.HandMadeNames.Count, counts.Copied + counts.Rewritten);
        foreach (var (i, name) in LabelledFolder.HandMadeNames.Index())
        {
            var found = ((string[])["train", "val"])
                .Select(split => ExportFormat.Find(format)!.PictureAt!(new(0, name, split, null, Shape.Map, 1))).Distinct().Where(places.Remove);
            var laid = _folder.Bytes(Assert.Single(found));
            var own = JpegEncoder.Encode(Picture(7, 7, i));
            if (counts.Rewritten > 0)
                (own, laid) = (ImageDecoder.Decode(own, ImageLimits.Default).Pixels, ImageDecoder.Decode(laid, ImageLimits.Default).Pixels);
            Assert.Equal(own, laid);
        }
    }

    [Theory]
    [InlineData("coco-instances")]
    [InlineData("coco-panoptic")]
    [InlineData("coco-stuff")]
    [InlineData("cvat")]
    [InlineData("voc-objects")]
    [InlineData("yolo-seg")]
    public async Task Names_in_documents_lead_to_the_pictures(string format)
    {
        foreach (var name in LabelledFolder.HandMadeNames)
            Add(name, JpegEncoder.Encode(Picture(7, 7, 0)));
        _folder.Mark(_folder.Pictures);
        await ExportAsync(format);
        var named = format switch
        {
            "cvat" => XDocument.Parse(_folder.Text("annotations.xml")).Descendants("image").Select(image => $"images/{image.Attribute("name")!.Value}"),
            "voc-objects" => new Voc(_folder).Names("train").Select(name => $"JPEGImages/{new Voc(_folder).Annotation(name).Element("filename")!.Value}"),
            "yolo-seg" => new Yolo(_folder).Pictures("train"),
            _ => JsonNode.Parse(_folder.Text($"annotations/{format[5..]}_train.json"))!["images"]!.AsArray().Select(image => $"images/train/{image!["file_name"]}"),
        };
        Assert.Equal(LabelledFolder.HandMadeNames.Count, named.Count(name => File.Exists(Path.Combine(_folder.Out, name))));
    }

    [Fact]
    public async Task Another_kind_of_file_is_written_anew_and_another_ending_of_the_same_kind_is_not()
    {
        var (png, jpeg, ppm) = (PngWriter.Rgb(Picture(7, 7, 1)), JpegEncoder.Encode(Picture(7, 7, 2)), Ppm(Picture(7, 7, 3)));
        Add("a.png", png);
        Add("b.JPEG", jpeg);
        Add("c.ppm", ppm);
        // What a file is, its bytes say: readers go by them as well.
        Add("d.jpg", png);
        _folder.Mark(_folder.Pictures);
        await ExportAsync("voc");
        foreach (var name in (string[])["a", "c"])
            Assert.True(_folder.Bytes($"JPEGImages/{name}.jpg").AsSpan().StartsWith<byte>([0xFF, 0xD8, 0xFF]));
        Assert.Equal(jpeg, _folder.Bytes("JPEGImages/b.jpg"));
        Assert.Equal(png, _folder.Bytes("JPEGImages/d.jpg"));
        Assert.Equal((2, 2, 0), (_folder.Outcome!.Pictures!.Copied, _folder.Outcome.Pictures.Rewritten, _folder.Outcome.Pictures.Turned));
        await ExportAsync("coco-instances", options => options with { Force = true });
        Assert.Equal(ppm, _folder.Bytes("images/train/c.ppm"));
        Assert.Equal(4, _folder.Outcome.Pictures.Copied);
    }

    [Fact]
    public async Task A_picture_that_is_stored_turned_is_written_upright_as_its_mask_is()
    {
        var upright = Picture(7, 3, 1);
        Add("a.png", Turned(PngWriter.Rgb(Picture(3, 7, 2))), new Mask(7, 3, new int[21]));
        Add("b.png", PngWriter.Rgb(upright), new Mask(7, 3, new int[21]));
        _folder.Mark(_folder.Pictures);
        await ExportAsync("coco-instances", options => options with { Pictures = PictureTransfer.Link, KeepBackground = true });
        Assert.Empty(_folder.Failures);
        var counts = _folder.Outcome!.Pictures!;
        Assert.Equal((1, 1, 1, 0), (counts.Linked, counts.Rewritten, counts.Turned, counts.Copied));
        var laid = _folder.Bytes("images/train/a.png");
        Assert.False(PictureHead.Read(laid).IsTurned);
        Assert.Equal(ImageDecoder.Decode(Turned(PngWriter.Rgb(Picture(3, 7, 2))), ImageLimits.Default).Pixels, ImageDecoder.Decode(laid, ImageLimits.Default).Pixels);
    }

    [Fact]
    public async Task Links_are_symbolic_and_whole_paths_and_nothing_is_copied()
    {
        Add("deep/a b.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        _folder.Mark(_folder.Pictures);
        await ExportAsync("yolo-seg", options => options with { Pictures = PictureTransfer.Link });
        Assert.Equal(Path.Combine(_folder.Pictures, "deep/a b.jpg"), new FileInfo(Path.Combine(_folder.Out, "images/train/deep/a b.jpg")).LinkTarget);
        Assert.Equal(1, _folder.Outcome!.Pictures!.Linked);
        // Replacing the export leaves what its links lead to.
        await ExportAsync("voc", options => options with { Force = true });
        Assert.True(File.Exists(Path.Combine(_folder.Pictures, "deep/a b.jpg")));
    }

    [Fact]
    public async Task A_picture_of_another_size_than_its_mask_or_that_is_missing_or_broken_fails_alone()
    {
        Add("a.jpg", JpegEncoder.Encode(Picture(8, 7, 1)));
        Add("b.ppm", Ppm(Picture(7, 8, 1)));
        Add("c.png", Encoding.ASCII.GetBytes("no picture"));
        Add("e.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        _folder.Add("d.jpg", Shape);
        _folder.Mark(_folder.Pictures);
        Assert.Equal((1, 4), await ExportAsync("coco-instances") is var summary ? (summary.Exported, summary.Failed) : default);
        Assert.Equal(4, _folder.Failures.Count);
        Assert.Contains("a.jpg has 8 x 7 pixels, and its mask 7 x 7", _folder.Failures[0], StringComparison.Ordinal);
        Assert.Contains("b.ppm has 7 x 8 pixels, and its mask 7 x 7", _folder.Failures[1], StringComparison.Ordinal);
        Assert.StartsWith("c.png: its picture: the file is no picture", _folder.Failures[2], StringComparison.Ordinal);
        Assert.StartsWith("d.jpg: its picture is not in", _folder.Failures[3], StringComparison.Ordinal);
        Assert.Equal(["images/train/e.jpg"], _folder.Everything().Keys.Where(ImageDecoder.HasEnding));
        Assert.Equal("e.jpg", Assert.Single(JsonNode.Parse(_folder.Text("annotations/instances_train.json"))!["images"]!.AsArray())!["file_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pictures_of_several_inputs_are_found_by_the_names_that_label_gives_them()
    {
        var (own, others) = (JpegEncoder.Encode(Picture(7, 7, 1)), JpegEncoder.Encode(Picture(7, 7, 2)));
        Write(_folder.Pictures, "a.jpg", own);
        Write(_folder.OtherPictures, "a.jpg", others);
        Write(_folder.OtherPictures, "b.jpg", own);
        foreach (var name in (string[])["pictures/a.jpg", "others/a.jpg", "b.jpg", $"{_folder.Pictures[1..]}/a.jpg"])
            _folder.Add(name, Shape);
        _folder.Mark(_folder.Pictures, _folder.OtherPictures);
        await ExportAsync("coco-instances");
        Assert.Empty(_folder.Failures);
        Assert.Equal(own, _folder.Bytes("images/train/pictures/a.jpg"));
        Assert.Equal(others, _folder.Bytes("images/train/others/a.jpg"));
        Assert.Equal(own, _folder.Bytes("images/train/b.jpg"));
        Assert.Equal(own, _folder.Bytes($"images/train{_folder.Pictures}/a.jpg"));
    }

    [Fact]
    public async Task Of_two_files_of_a_name_it_is_the_one_that_the_result_tells()
    {
        var (one, other) = (JpegEncoder.Encode(Picture(7, 7, 1)), JpegEncoder.Encode(Picture(7, 7, 1), 50));
        Write(_folder.Pictures, "a.jpg", one);
        Write(_folder.OtherPictures, "a.jpg", other);
        _folder.Add("a.jpg", Shape);
        _folder.Mark(_folder.Pictures, _folder.OtherPictures);
        await ExportAsync("coco-instances");
        Assert.Contains($"its picture may be {_folder.Pictures}/a.jpg or {_folder.OtherPictures}/a.jpg", Assert.Single(_folder.Failures), StringComparison.Ordinal);
        var line = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.In, "results.jsonl"), TestContext.Current.CancellationToken))!;
        line["input_bytes"] = other.Length;
        await File.WriteAllTextAsync(Path.Combine(_folder.In, "results.jsonl"), line.ToJsonString() + "\n", TestContext.Current.CancellationToken);
        await ExportAsync("coco-instances", options => options with { Force = true });
        Assert.Equal(other, _folder.Bytes("images/train/a.jpg"));
    }

    [Fact]
    public async Task Results_of_a_job_take_their_pictures_from_a_folder_with_or_without_its_prefix()
    {
        var jpeg = JpegEncoder.Encode(Picture(7, 7, 1));
        Write(_folder.Pictures, "a.jpg", jpeg);
        Write(_folder.OtherPictures, "set/1/a.jpg", jpeg);
        _folder.Add("set/1/a.jpg", Shape);
        _folder.Mark(new FolderMarker { Command = "results", Job = "job", Settings = new JsonObject { ["input"] = new JsonObject { ["container"] = "photos", ["prefix"] = "set/1/" } } });
        Assert.Contains("does not say where its pictures are. Say it by --pictures DIR", (await Assert.ThrowsAsync<ExportException>(() => ExportAsync("voc"))).Message, StringComparison.Ordinal);
        foreach (var pictures in (string[])[_folder.Pictures, _folder.OtherPictures])
        {
            await ExportAsync("voc", options => options with { PictureFolders = [pictures], Force = true });
            Assert.Equal(jpeg, _folder.Bytes("JPEGImages/set/1/a.jpg"));
        }
    }

    [Fact]
    public async Task Pictures_of_a_job_are_read_from_its_container()
    {
        var jpeg = JpegEncoder.Encode(Picture(7, 7, 1));
        Write(_folder.Pictures, "set/a.jpg", jpeg);
        _folder.Add("set/a.jpg", Shape);
        _folder.Add("gone.jpg", Shape);
        var source = ExportSource.OfFolder(_folder.In, null);
        source = new ExportSource { Classes = source.Classes, Masks = source.Masks, Items = source.Items, Pictures = new StoredPictures(new FileBlobStore(_folder.Pictures)) };
        var failures = new List<string>();
        var outcome = await Exporter.RunAsync(source, _folder.Out, new ExportOptions { Format = ExportFormat.Find("voc")!, Pictures = PictureTransfer.Copy }, (image, reason) => failures.Add($"{image}: {reason}"), null, TestContext.Current.CancellationToken);
        Assert.Equal(1, outcome.Pictures!.Copied);
        Assert.Equal(jpeg, _folder.Bytes("JPEGImages/set/a.jpg"));
        Assert.StartsWith("gone.jpg: its picture: ", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_are_left_out_are_counted_by_ending()
    {
        Add("a.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        Add("deep/b.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        Write(_folder.Pictures, "deep/c.JPG", []);
        Write(_folder.Pictures, "notes.txt", []);
        Write(_folder.Pictures, "README", []);
        Write(_folder.Pictures, ".hidden/d.jpg", []);
        // What Sclip wrote is nobody's picture.
        Write(_folder.Pictures, "export/sclip-folder.json", []);
        Write(_folder.Pictures, "export/a.png", []);
        _folder.Mark(_folder.Pictures, Path.Combine(_folder.Pictures, "deep"));
        await ExportAsync("voc");
        Assert.Equal([("", 1L), (".jpg", 1L), (".txt", 1L)], _folder.Outcome!.Pictures!.LeftFiles.Select(item => (item.Key, item.Value)).Order());
    }

    [Fact]
    public async Task Pictures_that_are_of_another_size_in_bytes_than_when_labelled_are_counted()
    {
        Add("a.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        await File.WriteAllTextAsync(Path.Combine(_folder.In, "results.jsonl"), (await File.ReadAllTextAsync(Path.Combine(_folder.In, "results.jsonl"), TestContext.Current.CancellationToken)).Replace("\"image\":", "\"input_bytes\":1,\"image\":", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        _folder.Mark(_folder.Pictures);
        await ExportAsync("voc");
        Assert.Equal(1, _folder.Outcome!.Pictures!.Changed);
    }

    [Fact]
    public async Task Without_them_it_is_told_where_they_belong()
    {
        Add("deep/a.png", []);
        foreach (var (format, place) in ((string, string?)[])[("voc", "JPEGImages/deep/a.jpg"), ("yolo-seg", "images/train/deep/a.png"), ("coco-panoptic", "images/train/deep/a.png"), ("npy", null)])
        {
            await _folder.ExportAsync(format, options => options with { Force = true });
            Assert.Equal(place, _folder.Outcome!.PicturesAt);
            Assert.Null(_folder.Outcome.Pictures);
        }
        await _folder.ExportAsync("labelstudio", options => options with { Force = true, ImagePrefix = "https://example.org/" });
        Assert.Null(_folder.Outcome!.PicturesAt);
    }

    [Theory]
    [InlineData("jpg")]
    [InlineData("png")]
    public async Task A_picture_that_breaks_off_fails_by_name(string ending)
    {
        var file = ending == "jpg" ? JpegEncoder.Encode(Picture(7, 7, 1)) : PngWriter.Rgb(Picture(7, 7, 1));
        Add($"whole.{ending}", file);
        Add($"cut.{ending}", file[..(file.Length / 2)]);
        _folder.Mark(_folder.Pictures);
        Assert.Equal((1, 1), await ExportAsync("coco-instances") is var summary ? (summary.Exported, summary.Failed) : default);
        Assert.StartsWith($"cut.{ending}: its picture", Assert.Single(_folder.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_in_the_folder_that_is_replaced_are_refused()
    {
        Add("a.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        _folder.Mark(_folder.Pictures);
        await ExportAsync("yolo-seg");
        var error = await Assert.ThrowsAsync<ExportException>(() => _folder.ExportAsync("voc", options => options with { Force = true, Pictures = PictureTransfer.Link, PictureFolders = [Path.Combine(_folder.Out, "images", "train")] }));
        Assert.Contains("is replaced with it", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Out, "images", "train", "a.jpg")));
    }

    [Theory]
    [InlineData("npy", PictureTransfer.Copy, "", "", "do not apply to npy")]
    [InlineData("voc", PictureTransfer.None, "", "pictures", "give --copy-pictures or --link-pictures")]
    [InlineData("coco-instances", PictureTransfer.Link, "photos/", "", "--image-prefix names pictures that lie elsewhere")]
    [InlineData("voc", PictureTransfer.Copy, "", "nowhere", "nowhere: there is no such folder")]
    [InlineData("voc", PictureTransfer.Copy, "", "", "does not say where its pictures are")]
    public async Task What_makes_no_sense_is_refused(string format, PictureTransfer pictures, string prefix, string folder, string said)
    {
        Add("a.jpg", []);
        var error = await Assert.ThrowsAsync<ExportException>(() => _folder.ExportAsync(format, options => options with
        {
            Pictures = pictures,
            ImagePrefix = prefix,
            PictureFolders = folder.Length > 0 ? [Path.Combine(_folder.Out, "..", folder)] : [],
        }));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Out));
    }

    [Fact]
    public async Task A_folder_of_pictures_that_is_gone_is_told_before_anything_is_written()
    {
        Add("a.jpg", []);
        _folder.Mark(Path.Combine(_folder.Pictures, "gone"));
        Assert.Contains("is not there any more. Say where they are by --pictures DIR", (await Assert.ThrowsAsync<ExportException>(() => ExportAsync("voc"))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Out));
    }

    [Fact]
    public async Task Label_studio_may_have_both_pictures_and_addresses()
    {
        Add("a.jpg", JpegEncoder.Encode(Picture(7, 7, 1)));
        _folder.Mark(_folder.Pictures);
        await ExportAsync("labelstudio", options => options with { ImagePrefix = "/data/local-files/?d=images/" });
        Assert.True(File.Exists(Path.Combine(_folder.Out, "images/a.jpg")));
        Assert.Empty(_folder.Notices);
        await ExportAsync("labelstudio", options => options with { Force = true });
        Assert.Contains("--image-prefix", Assert.Single(_folder.Notices), StringComparison.Ordinal);
    }

    private Task<ExportSummary> ExportAsync(string format, Func<ExportOptions, ExportOptions>? with = null) =>
        _folder.ExportAsync(format, options => (with ?? (same => same))(options with { Pictures = PictureTransfer.Copy }));

    private void Add(string name, byte[] picture, Mask? mask = null)
    {
        Write(_folder.Pictures, name, picture);
        _folder.Add(name, mask ?? Shape);
    }

    private static void Write(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private static RgbImage Picture(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static byte[] Ppm(RgbImage image) => [.. Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];

    /// <summary>A PNG with a chunk that says it is to be turned: behind the header, with the checksum of its kind and content.</summary>
    private static byte[] Turned(byte[] png)
    {
        byte[] chunk = [.. "eXIf"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        const int header = 33;
        var checksum = Crc32.HashToUInt32(chunk);
        return [.. png[..header], 0, 0, 0, (byte)(chunk.Length - 4), .. chunk, (byte)(checksum >> 24), (byte)(checksum >> 16), (byte)(checksum >> 8), (byte)checksum, .. png[header..]];
    }
}
