using System.Text.Json.Nodes;
using Apache.Arrow;
using ParquetSharp;
using Sclip.Formats.Writing;
using Sclip.Imaging;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Formats;

/// <summary>Data sets of Hugging Face: image folders and Parquet.</summary>
public sealed class HuggingFaceTests
{
    [Fact]
    public async Task Lines_of_metadata_name_pictures_and_masks_below_them()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("hf");
        var lines = folder.Text("train/metadata.jsonl").TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(OddNames.Pictures.Keys.Select(picture => folder.PlaceOf("hf", picture, "train")), lines.Select(line => $"train/{line["file_name"]!.GetValue<string>()}"));
        foreach (var (line, (picture, mask)) in lines.Zip(OddNames.Pictures))
        {
            // A column ends in _file_name where it is of pictures, and is called by what stands before.
            Assert.Equal(["file_name", "label_file_name"], line.Select(member => member.Key));
            folder.Values($"train/{line["label_file_name"]!.GetValue<string>()}", nothing: 255, offset: 0).AssertIs(mask, picture);
        }
        Assert.Equal(OddNames.Classes.Select((label, i) => $"{i} {label.Name}"), JsonNode.Parse(folder.Text("id2label.json"))!.AsObject().Select(member => $"{member.Key} {member.Value}"));
    }

    [Theory]
    [InlineData("hf", "train/**", "validation/**")]
    [InlineData("hf-parquet", "data/train-*", "data/validation-*")]
    public async Task The_card_says_which_files_are_of_which_part(string format, string training, string validation)
    {
        using var folder = new LabelledFolder();
        folder.Add("a.jpg", Mask.All["one"]);
        // A part without pictures would have no files by which the library can tell what kind it is.
        await folder.ExportAsync(format, options => options with { Validation = 0.2 });
        Assert.Equal([$"train {training}"], Files());
        folder.Add("e.jpg", Mask.All["one"]);
        await folder.ExportAsync(format, options => options with { Validation = 0.2, Force = true });
        Assert.Equal([$"train {training}", $"validation {validation}"], Files());

        IEnumerable<string> Files()
        {
            var card = new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, List<object>>>(folder.Text("README.md").Split("---\n")[1]);
            return ((List<object>)((Dictionary<object, object>)card["configs"][0])["data_files"]).Cast<Dictionary<object, object>>().Select(part => $"{part["split"]} {part["path"]}");
        }
    }

    [Theory]
    [InlineData("hf")]
    [InlineData("hf-parquet")]
    public async Task Parts_by_names_that_the_library_refuses_are_refused(string format)
    {
        using var folder = new LabelledFolder();
        Assert.Contains("my-part", (await Assert.ThrowsAsync<ExportException>(() => folder.ExportAsync(format, options => options with { Split = "my-part" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parquet_has_masks_and_names_where_pictures_are_not_at_hand_and_says_so()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("hf-parquet", options => options with { ImagePrefix = "/pictures/" });
        Assert.StartsWith($"{OddNames.Pictures.Count} of the pictures are not in the export", Assert.Single(folder.Notices), StringComparison.Ordinal);
        var rows = Read(Path.Combine(folder.Out, "data/train-00000-of-00001.parquet"));
        Assert.Equal(OddNames.Pictures.Keys.Select(picture => $"/pictures/{picture}"), rows.Select(row => row.ImagePath));
        foreach (var (row, (picture, mask)) in rows.Zip(OddNames.Pictures))
        {
            Assert.Null(row.Image);
            Assert.Equal(Path.ChangeExtension(picture, "png"), row.LabelPath);
            var (labels, width, height) = MaskDecoder.Read(row.Label, ImageLimits.Default);
            new Mask(width, height, [.. labels.Select(label => label == 255 ? Mask.None : label)]).AssertIs(mask, picture);
        }
    }

    [Fact]
    public async Task Parquet_says_which_columns_are_pictures()
    {
        using var folder = LabelledFolder.OfAll();
        await folder.ExportAsync("hf-parquet", options => options with { Validation = 0.2 });
        foreach (var part in (string[])["train", "validation"])
        {
            using var reader = new ParquetFileReader(Path.Combine(folder.Out, $"data/{part}-00000-of-00001.parquet"));
            var features = JsonNode.Parse(reader.FileMetaData.KeyValueMetadata["huggingface"])!["info"]!["features"]!.AsObject();
            Assert.Equal(["image Image", "label Image"], features.Select(feature => $"{feature.Key} {feature.Value!["_type"]}"));
        }
    }

    [Fact]
    public async Task A_part_of_many_rows_is_written_in_groups_and_files_that_are_named_by_how_many_they_are()
    {
        using var folder = new TemporaryFolder();
        var rows = Enumerable.Range(0, 23).Select(i => new ParquetRow(i % 5 == 0 ? null : [(byte)i, 1, 2], $"{i}.jpg", [.. Enumerable.Repeat((byte)i, 1000)], $"{i}.png")).ToList();
        using (var export = ExportFolder.Open(folder["out"], null, new Contracts.Folders.FolderMarker { Command = "export" }, force: false))
        {
            await using (var shards = new ParquetShards(export, "train", "image", "label", new ParquetShards.Limits(GroupRows: 100, GroupBytes: 3000, FileBytes: 6000)))
            {
                foreach (var row in rows)
                    await shards.AddAsync(row, TestContext.Current.CancellationToken);
                await shards.EndAsync(TestContext.Current.CancellationToken);
            }
            export.Commit([], TestContext.Current.CancellationToken);
        }
        var files = Directory.GetFiles(folder["out/data"]).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(Enumerable.Range(0, 4).Select(i => $"train-0000{i}-of-00004.parquet"), files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 10_000));
        Assert.Equal(rows, files.SelectMany(Read), (a, b) => (a.ImagePath, a.LabelPath) == (b.ImagePath, b.LabelPath) && a.Label.AsSpan().SequenceEqual(b.Label) && (a.Image is null) == (b.Image is null) && a.Image.AsSpan().SequenceEqual(b.Image));
    }

    [Fact]
    public async Task A_part_without_pictures_is_a_file_without_rows()
    {
        using var folder = new LabelledFolder();
        await folder.ExportAsync("hf-parquet");
        Assert.Empty(Read(Path.Combine(folder.Out, "data/train-00000-of-00001.parquet")));
    }

    /// <summary>The rows as Arrow reads them.</summary>
    private static List<ParquetRow> Read(string file)
    {
        using var reader = new ParquetSharp.Arrow.FileReader(file);
        Assert.Equal(["image", "label"], reader.Schema.FieldsList.Select(field => field.Name));
        using var batches = reader.GetRecordBatchReader();
        var rows = new List<ParquetRow>();
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            using (batch)
            {
                var (image, label) = ((StructArray)batch.Column("image"), (StructArray)batch.Column("label"));
                for (var i = 0; i < batch.Length; i++)
                    rows.Add(new ParquetRow(BytesOf(image, i), PathOf(image, i), BytesOf(label, i)!, PathOf(label, i)));
            }
        return rows;
    }

    private static byte[]? BytesOf(StructArray column, int row) => (BinaryArray)column.Fields[0] is var bytes && bytes.IsNull(row) ? null : bytes.GetBytes(row).ToArray();

    private static string PathOf(StructArray column, int row) => ((StringArray)column.Fields[1]).GetString(row);
}
