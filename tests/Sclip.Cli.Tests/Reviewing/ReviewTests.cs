using System.Text.Json.Nodes;
using Sclip.Cli.Tests.Jobs;
using Sclip.Cli.Tests.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Imaging;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Tests.Reviewing;

/// <summary>Reviews and corrections of a job in a store that is a folder: counted, brought down, exported, brought in, measured.</summary>
[Collection(JobCli.Collection)]
public sealed class ReviewTests : IDisposable
{
    private const int Width = 32, Height = 24;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] Images = ["set/a.png", "set/b.png", "set/c.jpg", "set/d.png"];
    private static readonly LabelClass[] Classes = [new() { Name = "background", Background = true }, new() { Name = "grass" }, new() { Name = "sky" }];
    private readonly SclipCli _cli = new();
    private readonly JobStores _stores;

    public ReviewTests()
    {
        JobCli.Use(("STORE__FOLDER", _cli.Folder["store"]));
        _stores = JobStores.Of(new FileBlobAccount(_cli.Folder["store"]), "sclip");
    }

    public void Dispose()
    {
        JobCli.Use();
        _cli.Dispose();
    }

    public static TheoryData<string, string[]> ExactForms => new()
    {
        { "coco-stuff", [] },
        { "coco-panoptic", [] },
        { "coco-instances", ["--shapes", "mask"] },
        { "cvat", ["--shapes", "mask"] },
        { "labelstudio", ["--shapes", "mask"] },
        { "voc", [] },
        { "npy", [] },
        { "mmseg", [] },
    };

    [Theory]
    [MemberData(nameof(ExactForms))]
    public async Task What_was_exported_and_comes_back_has_no_pixel_changed(string form, string[] how)
    {
        await JobAsync();
        Assert.Contains("4 pictures exported", await JobCli.DoneAsync(["export", "night", "--format", form, "--out", _cli.Folder["export"], .. how]), StringComparison.Ordinal);
        Assert.Contains("4 pictures imported", await JobCli.DoneAsync("import", _cli.Folder["export"], "--job", "night", "--by", "Ada"), StringComparison.Ordinal);
        var measures = SchemaCheck.Line("review-against", await JobCli.DoneAsync("review", "night", "--against", "corrections", "--json"));
        Assert.Equal((4, 0, 1.0, 4 * Width * Height), (measures["pictures"]!.GetValue<int>(), measures["corrected_pixels"]!.GetValue<int>(), measures["mean_iou"]!.GetValue<double>(), measures["pixels"]!.GetValue<int>()));
        Assert.Equal(Images, measures["images"]!.AsArray().Select(image => image!["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_corrected_mask_is_exported_and_brought_in_place_of_the_machines_and_measured_by_class_and_picture()
    {
        var job = await JobAsync();
        // One of four pictures, a quarter of it: 8 columns of grass that were called sky.
        var truth = Labels(0).ToArray();
        for (var i = 0; i < truth.Length; i++)
            if (i % Width >= Width - 8)
                truth[i] = 1;
        Assert.True(truth.AsSpan().CommonPrefixLength(Labels(0)) < truth.Length);
        await CorrectAsync(job, 0, truth);
        var changed = truth.Zip(Labels(0)).Count(pixel => pixel.First != pixel.Second);

        var measures = SchemaCheck.Line("review-against", await JobCli.DoneAsync("review", "night", "--against", "corrections", "--json"));
        Assert.Equal((1, changed), (measures["pictures"]!.GetValue<int>(), measures["corrected_pixels"]!.GetValue<int>()));
        double Iou(int label) => (double)truth.Zip(Labels(0)).Count(pixel => pixel.First == label && pixel.Second == label) / truth.Zip(Labels(0)).Count(pixel => pixel.First == label || pixel.Second == label);
        Assert.Equal([Iou(0), Iou(1), Iou(2)], measures["classes"]!.AsArray().Select(label => label!["iou"]!.GetValue<double>()));
        Assert.Equal(Iou(1), measures["images"]![0]!["iou"]!["grass"]!.GetValue<double>());
        Assert.Contains($"1 corrected picture of job night: {changed} of {Width * Height} pixels", await JobCli.DoneAsync("review", "night", "--against", "corrections"), StringComparison.Ordinal);

        Assert.Contains("4 pictures exported", await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["machine"], "--machine"), StringComparison.Ordinal);
        Assert.Contains("1 of them with corrected masks", await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["people"], "--max-doubt", "0.5"), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_cli.Folder["people"], "*.npy", SearchOption.AllDirectories), file => !File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_cli.Folder["machine"], Path.GetRelativePath(_cli.Folder["people"], file)))));

        // Down and again, the machine's and back: what is asked for is there.
        foreach (var (more, expected) in ((string[], ushort[])[])[([], truth), (["--machine"], Labels(0)), ([], truth)])
        {
            var said = await JobCli.DoneAsync(["results", "night", "--out", _cli.Output, .. more]);
            Assert.Equal(more.Length == 0, said.Contains("1 of them with corrected masks", StringComparison.Ordinal));
            Assert.Equal(expected, MaskDecoder.Read(await File.ReadAllBytesAsync(Path.Combine(_cli.Output, "masks/set/a.png.png"), None), ImageLimits.Default).Labels);
        }
        Assert.Contains("4 pictures exported", await JobCli.DoneAsync("export", _cli.Output, "--format", "npy", "--out", _cli.Folder["folder"]), StringComparison.Ordinal);
        // The doubt was the machine's, whose mask this is not: also where the job is brought into a folder first.
        Assert.Contains("1 picture exported", await JobCli.DoneAsync("export", _cli.Output, "--format", "npy", "--out", _cli.Folder["doubtless"], "--max-doubt", "0.05"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reviews_are_counted_and_brought_down_and_choose_what_is_exported()
    {
        await JobAsync();
        await DecideAsync(ReviewDecision.Accepted, "Ada", 0, 1);
        await DecideAsync(ReviewDecision.Flagged, "Bob", 2);
        Assert.Equal("Job night, 4 images: 2 accepted, 0 rejected, 1 flagged, 1 open.\nBy reviewer: Ada 2, Bob 1.", await JobCli.DoneAsync("review", "night"));
        Assert.Equal((2, 1), SchemaCheck.Line("review", await JobCli.DoneAsync("review", "night", "--json")) is var summary ? (summary["accepted"]!.GetValue<int>(), summary["open"]!.GetValue<int>()) : default);

        Assert.Contains("3 reviewed or corrected images written", await JobCli.DoneAsync("review", "night", "--export", _cli.Folder["all.jsonl"]), StringComparison.Ordinal);
        Assert.Equal([("set/a.png", "accepted"), ("set/b.png", "accepted"), ("set/c.jpg", "flagged")], (await File.ReadAllLinesAsync(_cli.Folder["all.jsonl"], None)).Select(line => JsonNode.Parse(line)!).Select(line => (line["image"]!.GetValue<string>(), line["decision"]!.GetValue<string>())));
        Assert.Contains("1 reviewed or corrected image written to", await JobCli.DoneAsync("review", "night", "--export", _cli.Folder["some.jsonl"], "--decision", "rejected,flagged"), StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(_cli.Folder["some.jsonl"], None));

        // What nobody looked at is left out with the others, or is what is asked for.
        foreach (var (decision, written, others) in ((string, int, int)[])[("accepted", 2, 2), ("rejected", 0, 4), ("open", 1, 3), ("open,flagged", 2, 2)])
        {
            var export = SchemaCheck.Line("review-export", await JobCli.DoneAsync("review", "night", "--export", _cli.Folder["of.jsonl"], "--decision", decision, "--json"));
            Assert.Equal((written, others), ((int)export["written"]!, (int)export["left_out"]!));
            Assert.Equal(written, (await File.ReadAllLinesAsync(_cli.Folder["of.jsonl"], None)).Length);
        }
        Assert.Contains("1 image written to", await JobCli.DoneAsync("review", "night", "--export", _cli.Folder["of.jsonl"], "--decision", "open"), StringComparison.Ordinal);
        Assert.Contains("set/d.png", await File.ReadAllTextAsync(_cli.Folder["of.jsonl"], None), StringComparison.Ordinal);

        Assert.Contains("2 pictures exported", await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["good"], "--reviewed", "accepted"), StringComparison.Ordinal);
        var said = await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["rest"], "--reviewed", "open, flagged");
        Assert.Contains("2 pictures exported", said, StringComparison.Ordinal);
        Assert.Contains("2 pictures left out, not open or flagged", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_correction_is_taken_back()
    {
        var job = await JobAsync();
        await CorrectAsync(job, 1, Labels(2));
        Assert.Contains("1 of them with corrected masks", await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["before"]), StringComparison.Ordinal);
        var said = await JobCli.DoneAsync("review", "night", "--withdraw", "set/b.png");
        Assert.Contains("The correction of 'set/b.png' by Ada is taken back, and the machine's mask counts again. It stays in the store as jobs/night/corrections/set/b.png.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("corrected", await JobCli.DoneAsync("export", "night", "--format", "npy", "--out", _cli.Folder["after"]), StringComparison.Ordinal);
        await CorrectAsync(job, 2, Labels(1));
        Assert.Equal("Ada", (string?)SchemaCheck.Line("review-withdraw", await JobCli.DoneAsync("review", "night", "--withdraw", "set/c.jpg", "--json"))["by"]);
        Assert.Contains("'set/b.png' of job night is not corrected", await JobCli.RefusedAsync("review", "night", "--withdraw", "set/b.png"), StringComparison.Ordinal);
        Assert.Contains("--withdraw changes the job, and --against measures it", await JobCli.RefusedAsync("review", "night", "--withdraw", "set/b.png", "--against", "corrections"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_does_not_fit_fails_with_its_reason_and_the_others_come_in()
    {
        await JobAsync();
        foreach (var (name, labels, width) in ((string, ushort[], int)[])[("a", Labels(1), Width), ("b", new ushort[6], 3), ("nobody", Labels(0), Width), ("set/c", Labels(2), Width)])
            _cli.Folder.Write($"masks/{name}.png", Png(labels, width));
        _cli.Folder.Write("masks/labels.json", """[{"name": "background", "background": true}, {"name": "grass"}, {"name": "sky"}]""");
        var (code, output, error) = await SclipCli.Run(["import", _cli.Folder["masks"], "--format", "masks", "--job", "night", "--by", "Ada"]);
        Assert.True(code == 2, $"{code}: {error}{output}");
        Assert.Contains("2 pictures imported from", output, StringComparison.Ordinal);
        Assert.Contains("the mask has 3 x 2 pixels, and 'set/b.png' has 32 x 24", error, StringComparison.Ordinal);
        Assert.Contains("nobody", error, StringComparison.Ordinal);
        Assert.Contains("has no such image", error, StringComparison.Ordinal);
        Assert.Contains("2 images corrected", await JobCli.DoneAsync("review", "night"), StringComparison.Ordinal);
        Assert.Equal(Labels(0), await MaskAsync("masks/set/a.png.png"));
    }

    [Fact]
    public async Task A_mask_that_may_be_of_either_of_two_images_is_of_neither()
    {
        await JobAsync();
        await _stores.Jobs.CommitResultAsync("night", 2, [Result(0) with { Image = "set/x.jpg" }, Result(0) with { Image = "set/x.gif" }], None);
        _cli.Folder.Write("masks/x.png", Png(Labels(1), Width));
        _cli.Folder.Write("masks/d.png", Png(Labels(1), Width));
        var (code, output, error) = await SclipCli.Run(["import", _cli.Folder["masks"], "--format", "masks", "--job", "night", "--by", "Ada"]);
        Assert.True(code == 2, $"{code}: {error}{output}");
        Assert.Contains("it may be 'set/x.jpg' or another image of job night", error, StringComparison.Ordinal);
        Assert.Equal("set/d.png", Assert.Single(await new ReviewedImages(_stores).ReadAsync("night", None).ToArrayAsync(None)).Image);
    }

    [Theory]
    [InlineData("Give --out, a folder that the masks go to; or --job", "import", "export")]
    [InlineData("--by is of use only with --job", "import", "export", "--out", "x", "--by", "Ada")]
    [InlineData("--out does not apply with --job", "import", "export", "--job", "night", "--out", "x")]
    [InlineData("There is no job other", "import", "export", "--job", "other")]
    [InlineData("--against must be corrections; it is 'truth'", "review", "night", "--against", "truth")]
    [InlineData("--decision says which reviews --export writes", "review", "night", "--decision", "accepted")]
    [InlineData("--decision: 'acepted' is no decision (did you mean 'accepted'?); there are accepted, rejected, flagged, open.", "review", "night", "--export", "x", "--decision", "acepted")]
    [InlineData("--reviewed: 'good' is no decision", "export", "night", "--format", "npy", "--out", "x", "--reviewed", "good")]
    public async Task Mistakes_are_told_in_a_line(string said, params string[] arguments)
    {
        await JobAsync();
        Assert.Contains(said, await JobCli.RefusedAsync(arguments), StringComparison.Ordinal);
    }

    private static ushort[] Labels(int image) => [.. Enumerable.Range(0, Width * Height).Select(i => (ushort)((i % Width / 11 + i / Width / 8 + image) % 3))];

    private static byte[] Png(ushort[] labels, int width)
    {
        using var png = new MemoryStream();
        MaskEncoder.Write(png, labels, width, labels.Length / width, Palette.Of(Classes));
        return png.ToArray();
    }

    private async Task<JobDocument> JobAsync()
    {
        await new FileBlobAccount(_cli.Folder["store"]).CreateContainerAsync("sclip", None);
        var job = new JobDocument { Id = "night", Created = DateTimeOffset.UnixEpoch, Input = new JobInput { Container = "photos", Prefix = "set" }, Labels = Classes, Model = "demo/model", Settings = new JobSettings(), ShardSize = 2 };
        await _stores.Jobs.CreateJobAsync(job, None);
        await _stores.Jobs.CreatePlanAsync(job.Id, new JobPlan { Shards = 2, Images = Images.Length }, None);
        foreach (var (place, image) in Images.Index())
            await _stores.Outputs(job).WriteAsync(OutputNames.Mask(image), Png(Labels(place), Width), WriteCondition.None, None);
        foreach (var shard in (int[])[0, 1])
            await _stores.Jobs.CommitResultAsync(job.Id, shard, [Result(shard * 2), Result(shard * 2 + 1)], None);
        await new JobCompletion(_stores.Jobs).TryCompleteAsync(job, None);
        return job;
    }

    private static ImageResult Result(int image) => new()
    {
        Image = Images[image],
        Status = ImageStatus.Ok,
        Mask = OutputNames.Mask(Images[image]),
        Width = Width,
        Height = Height,
        Doubt = 0.1,
        Pixels = Pixels(Labels(image)),
    };

    private static Dictionary<string, long> Pixels(ushort[] labels) => labels.CountBy(label => label).ToDictionary(item => Classes[item.Key].Name, item => (long)item.Value);

    private async Task CorrectAsync(JobDocument job, int image, ushort[] labels) =>
        Assert.NotNull(Assert.Single(await new JobCorrections(_stores).WriteAsync(job, image / 2, [new CorrectedMask(Result(image), Png(labels, Width), Pixels(labels), WriteCondition.Missing)], "Ada", None)));

    private async Task DecideAsync(ReviewDecision decision, string reviewer, params int[] images)
    {
        foreach (var image in images)
            Assert.True(Assert.Single(await new JobReviews(_stores.Jobs).WriteAsync("night", image / 2, new ReviewRequest { Reviewer = reviewer, Decision = decision, Images = [new ReviewTarget { Image = Images[image], Shard = image / 2, Revision = 0 }] }, None)).Ok);
    }

    private async Task<ushort[]> MaskAsync(string name) => MaskDecoder.Read((await _stores.Jobs.Store.ReadAsync($"jobs/night/{name}", 1 << 20, None)).Bytes, ImageLimits.Default).Labels;
}
