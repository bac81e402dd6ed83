using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Formats.Pictures;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing;

namespace Sclip.Formats.Tests.Exports;

/// <summary>Folders, those of earlier versions among them, and jobs.</summary>
public sealed class ExportSourceTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_results_is_refused() =>
        Assert.Contains("holds no results.jsonl", Assert.Throws<ExportException>(() => ExportSource.OfFolder(_folder.Path, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_settings_of_an_earlier_version_tell_the_classes()
    {
        _folder.Write("results.jsonl", "");
        _folder.Write("sclip-settings.json", """{"method": "sclip", "labels": [{"name": "grass", "synonyms": ["meadow"], "color": null}, {"name": "sky", "synonyms": [], "color": "#0000ff"}], "background": 0}""");
        var classes = ExportSource.OfFolder(_folder.Path, null).Classes;
        Assert.Equal(["grass", "sky"], classes.Select(label => label.Name));
        Assert.Equal(new RgbColor(0, 0, 255), classes[1].Color);
        Assert.DoesNotContain(classes, label => label.Background);
    }

    [Fact]
    public void A_folder_without_classes_needs_them_and_a_folder_with_classes_as_many()
    {
        _folder.Write("results.jsonl", "");
        Assert.Contains("--labels FILE", Assert.Throws<ExportException>(() => ExportSource.OfFolder(_folder.Path, null)).Message, StringComparison.Ordinal);
        LabelClass[] two = [new() { Name = "a" }, new() { Name = "b" }];
        Assert.Equal(two, ExportSource.OfFolder(_folder.Path, two).Classes);
        _folder.Write(MaskLabels.FileName, MaskLabels.Write([.. two, new LabelClass { Name = "c" }]));
        Assert.Contains("2 classes, and the masks were made with 3", Assert.Throws<ExportException>(() => ExportSource.OfFolder(_folder.Path, two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_file_keeps_all_that_a_class_has()
    {
        _folder.Write("results.jsonl", "");
        _folder.Write(MaskLabels.FileName, MaskLabels.Write(LabelledFolder.FourClasses));
        var read = ExportSource.OfFolder(_folder.Path, null).Classes;
        Assert.Equal(LabelledFolder.FourClasses.Select(Shown), read.Select(Shown));

        static string Shown(LabelClass label) => $"{label.Name}/{string.Join('/', label.Synonyms)}/{label.Color}/{label.Background}";
    }

    [Fact]
    public async Task A_job_is_exported_as_far_as_it_is()
    {
        var store = new FileBlobStore(_folder["store"]);
        var stores = new JobStores("sclip", new JobBlobs(store), _ => store, job => new SubStore(store, JobNames.Folder(job.Id)));
        var job = new JobDocument
        {
            Id = "tour",
            Created = DateTimeOffset.UnixEpoch,
            Input = new JobInput { Container = "photos" },
            Labels = LabelledFolder.FourClasses,
            Model = "a/b",
            Settings = new JobSettings(),
            ShardSize = 2,
        };
        await stores.Jobs.CreateJobAsync(job, None);
        await stores.Jobs.CreatePlanAsync(job.Id, new JobPlan { Shards = 2, Images = 3 }, None);
        await CommitAsync(stores, job, 1, "deep/c.jpg");
        var source = await ExportSource.OfJobAsync(stores, job, null, None);
        Assert.Contains("1 of 2 shards", source.Unfinished, StringComparison.Ordinal);
        Assert.Equal(1, (await ExportAsync(source)).Exported);

        await CommitAsync(stores, job, 0, "a.jpg", "b.jpg");
        await new JobCompletion(stores.Jobs).TryCompleteAsync(job, None);
        source = await ExportSource.OfJobAsync(stores, job, null, None);
        Assert.Null(source.Unfinished);
        Assert.Equal(3, (await ExportAsync(source)).Exported);
        Assert.Equal("a\nb\ndeep/c\n", await File.ReadAllTextAsync(_folder["out/ImageSets/Segmentation/train.txt"], None));
        Assert.True(File.Exists(_folder["out/SegmentationClass/deep/c.png"]));

        byte[] picture = [.. "P6 2 1 255\n"u8, 1, 2, 3, 4, 5, 6];
        foreach (var image in (string[])["a.jpg", "b.jpg", "deep/c.jpg"])
            _folder.Write($"store/{image}", picture);
        await ExportAsync(source, PictureTransfer.Copy);
        Assert.Equal(picture, await File.ReadAllBytesAsync(_folder["out/JPEGImages/deep/c.jpg"], None));
    }

    private async Task<ExportSummary> ExportAsync(ExportSource source, PictureTransfer pictures = PictureTransfer.None) =>
        (await Exporter.RunAsync(source, _folder["out"], new ExportOptions { Format = ExportFormat.Find("voc")!, Pictures = pictures, Force = true }, (image, reason) => Assert.Fail($"{image}: {reason}"), null, None)).Summary;

    private static async Task CommitAsync(JobStores stores, JobDocument job, int shard, params string[] images)
    {
        foreach (var image in images)
            await stores.Outputs(job).WriteAsync($"masks/{image}.png", (stream, _) =>
            {
                MaskEncoder.Write(stream, [1, 2], 2, 1, Palette.Of(job.Labels));
                return Task.CompletedTask;
            }, None);
        await stores.Jobs.CommitResultAsync(job.Id, shard, images.Select(image => new ImageResult { Image = image, Status = ImageStatus.Ok, Mask = $"masks/{image}.png", Width = 2, Height = 1 }), None);
    }
}
