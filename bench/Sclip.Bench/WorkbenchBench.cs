using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Sclip.Bench.Doubles;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Predictions;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Workbench;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Sessions;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;

namespace Sclip.Bench;

/// <summary>
/// How long masks of the visible pictures take after a key, over HTTP as the page asks for them, beside computing the pictures anew, as a preview does that keeps no features;
/// and how long it takes to judge names by ground truth of all pictures.
/// </summary>
internal static class WorkbenchBench
{
    private const int Width = 500, Height = 375, Pictures = 12, Side = 360;
    private static readonly string[] Names = ["background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "table", "dog", "horse", "motorbike", "person", "plant", "sheep", "sofa"];
    private static readonly string[] Typed = ["locomotive", "telephone", "sunflower"];

    public static async Task RunAsync(string scratch, string model, int threads)
    {
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
        Directory.CreateDirectory(scratch);
        var truth = Directory.CreateDirectory(Path.Combine(scratch, "truth")).FullName;
        for (var i = 0; i < Pictures; i++)
        {
            File.WriteAllBytes(Path.Combine(scratch, $"{i:00}.jpg"), Photograph.Jpeg(Width, Height, i));
            using var mask = File.Create(Path.Combine(truth, $"{i:00}.png"));
            MaskEncoder.Write(mask, [.. Enumerable.Range(0, Width * Height).Select(pixel => (ushort)((pixel / 50 + i) % Names.Length))], Width, Height, Palette.PascalVoc(256));
        }
        using var engine = new WorkbenchEngine(ClipModel.Load(model, threads), new ManagedDevice());
        var store = new FileBlobStore(scratch);
        var options = PipelineOptions.Of(new JobSettings(), engine.Model.Defaults, ImageLimits.Default, batch: null, threads);
        await using var session = new Session("bench", new SessionSetup
        {
            Title = "bench",
            Model = model,
            Options = options,
            Templates = PromptTemplates.ImageNet,
            Pictures = [.. Enumerable.Range(0, Pictures).Select(i => new PictureReference($"{i:00}", store, $"{i:00}.jpg"))],
            Truth = new SessionTruth(new MaskFolder(truth), LabelSet.Of(Names.Select(name => new LabelClass { Name = name })).Classes, Void: null),
            Plan = (_, _) => new SavePlan([], null, ""),
        }, engine);
        var start = Stopwatch.GetTimestamp();
        session.Begin();
        await using var app = LocalWorkbench.Build(session, port: 0);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        while (!(await client.GetStringAsync("workbench/sessions/bench")).Contains($"\"ready\":{Pictures},", StringComparison.Ordinal))
            await Task.Delay(100);
        Write($"features of {Pictures} pictures of {Width} x {Height}, on {threads} threads: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");

        await KeyAsync(client, Typed[0], settled: true);
        var (drafts, settled, known) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var word in Typed)
            for (var length = 1; length <= word.Length; length++)
            {
                drafts.Add(await KeyAsync(client, $"a {word[..length]}", settled: false));
                settled.Add(await KeyAsync(client, $"a {word[..length]}", settled: true));
                known.Add(await KeyAsync(client, $"a {word[..length]}", settled: false));
            }
        Tell("a key in the name of one of 20 classes, by a few templates", drafts);
        Tell("the same by all 80 templates", settled);
        Tell("a threshold, or a name that is known", known);

        await JudgeAsync(client, Typed[0]);
        var judged = new List<double>();
        for (var round = 0; round < 10; round++)
            judged.Add(await JudgeAsync(client, Typed[round % Typed.Length]));
        Tell("judging 20 known names by ground truth of all pictures", judged);

        var anew = new List<double>();
        using var segmenter = new ManagedSegmenter(engine.Model);
        for (var round = 0; round < 3; round++)
            anew.Add(Anew(engine, segmenter, scratch, options, $"a {Typed[round]}s"));
        Tell("the same pictures computed anew, with the names embedded", anew);
        Write($"ratio: {Medians.Of(anew) / Medians.Of(drafts):0} to the first masks, {Medians.Of(anew) / (Medians.Of(drafts) + Medians.Of(settled)):0} to those by all templates");
    }

    /// <summary>Milliseconds from a key to the last byte of the masks.</summary>
    private static async Task<double> KeyAsync(HttpClient client, string typed, bool settled)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsJsonAsync("workbench/sessions/bench/label", new
        {
            labels = Names.Append(typed).Select(name => new { name }),
            pictures = Enumerable.Range(0, Pictures),
            side = Side,
            settled,
        });
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Milliseconds until names are judged.</summary>
    private static async Task<double> JudgeAsync(HttpClient client, string typed)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await client.PostAsJsonAsync("workbench/sessions/bench/judge", new { labels = Names.Append($"a {typed}").Select(name => new { name }) });
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Anew(WorkbenchEngine engine, ManagedSegmenter segmenter, string scratch, PipelineOptions options, string typed)
    {
        var start = Stopwatch.GetTimestamp();
        var labels = engine.Model.EmbedLabels(LabelSet.Of(Names.Append(typed).Select(name => new LabelClass { Name = name })), PromptTemplates.ImageNet, cacheDirectory: null);
        var inputs = Directory.EnumerateFiles(scratch).Order(StringComparer.Ordinal).Select(file =>
        {
            var picture = ImageDecoder.Decode(File.ReadAllBytes(file), ImageLimits.Default);
            var resized = ImageResizer.ShortSide(picture, options.ShortSide);
            return new SegmentationInput { Rgb = resized.Pixels, Width = resized.Width, Height = resized.Height, OutputWidth = picture.Width, OutputHeight = picture.Height };
        }).ToArray();
        foreach (var group in inputs.Chunk(segmenter is ISegmenter { PicturesAtOnce: var most } ? most : 1))
            segmenter.Segment(group, labels, options.Segmentation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Tell(string what, List<double> milliseconds) =>
        Write($"{what}: {Medians.Of(milliseconds):0} ms ({milliseconds.Min():0} to {milliseconds.Max():0})");

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
