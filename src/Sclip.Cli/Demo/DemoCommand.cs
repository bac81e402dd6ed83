using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sclip.Cli.Labelling;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Worker.Engines;
using Sclip.Worker.Pipeline;
using Spectre.Console;

namespace Sclip.Cli.Demo;

/// <summary><c>sclip demo</c>: labels the pictures that come along, and compares the methods with their ground truth.</summary>
internal static class DemoCommand
{
    private static readonly string[] Methods = ["clip", "maskclip", "sclip"];

    public static Command Create(CliContext context)
    {
        var output = new Option<string>("--out") { Description = "Where masks and overlays go.", DefaultValueFactory = _ => "demo-out" };
        var command = new Command("demo", "Label eight pictures with a small model, both part of the program, and compare methods.") { output };
        var device = new DeviceOptions();
        device.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(context, parsed.GetRequiredValue(output), device.Read(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, string output, DeviceRequest device)
    {
        // A tool and an image have it beside the program.
        var folder = Path.Combine(Environment.GetEnvironmentVariable("SCLIP_HOME") ?? AppContext.BaseDirectory, "models", "demo");
        if (!Directory.Exists(folder))
            throw new UserException($"{folder} does not exist; run ./sclip demo from the repository, or set SCLIP_HOME to where models/demo lies.");
        var start = Stopwatch.GetTimestamp();
        var labels = Path.Combine(folder, "labels.json");
        var code = await new LabelRun(context).RunAsync(new LabelArguments
        {
            Command = "demo",
            Inputs = [Path.Combine(folder, "pictures")],
            Labels = LabelSet.Load(labels),
            Model = Path.Combine(folder, "model"),
            Output = output,
            Device = device,
            Settings = new JobSettings { Overlay = true },
            Force = true,
        });
        if (code != ExitCodes.Done)
            return code;
        var scores = Compare(context, folder, LabelSet.Load(labels), device);
        context.Write(TableOf(scores));
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            Eight pictures were labelled with a 2 MB CLIP that was trained on captions and never saw a mask, in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s; look at {Path.Combine(output, "overlays")}.
            {DemoVerdict.Of(scores)}
            Next, your own: sclip model pull openai/clip-vit-base-patch16 && sclip label PHOTOS --labels "sky, tree, dog" --overlay
            """));
        return code;
    }

    private static List<MethodScore> Compare(CliContext context, string folder, LabelSet labels, DeviceRequest request)
    {
        var device = EngineDevices.Find(request).All[0];
        using var model = device.LoadModel(Path.Combine(folder, "model"), Environment.ProcessorCount);
        using var segmenter = device.CreateSegmenter(model);
        var embeddings = LabelProgress.Embed(context, model, labels, model.Defaults.PromptsOf(given: null));
        var scores = new List<MethodScore>();
        foreach (var method in Methods)
        {
            var options = PipelineOptions.Of(new JobSettings { Method = method }, model.Defaults, ImageLimits.Default, request.Batch, Environment.ProcessorCount).Segmentation;
            var matrix = new ConfusionMatrix(labels.Classes.Count);
            foreach (var path in Directory.GetFiles(Path.Combine(folder, "pictures"), "*.png").Order(StringComparer.Ordinal))
            {
                var picture = ImageDecoder.Decode(File.ReadAllBytes(path), ImageLimits.Default);
                var truth = MaskDecoder.Read(File.ReadAllBytes(Path.Combine(folder, "ground-truth", Path.GetFileName(path))), ImageLimits.Default);
                var input = new SegmentationInput { Rgb = picture.Pixels, Width = picture.Width, Height = picture.Height, OutputWidth = truth.Width, OutputHeight = truth.Height };
                matrix.Add(segmenter.Segment([input], embeddings, options, context.Stop)[0].LabelMap, truth.Labels);
            }
            scores.Add(new MethodScore(method, matrix.MeanIou, matrix.OverallAccuracy));
        }
        return scores;
    }

    private static Table TableOf(IReadOnlyList<MethodScore> scores)
    {
        var table = new Table().AddColumns("method", "mIoU", "pixels right").Title("against the ground truth");
        foreach (var (method, meanIou, accuracy) in scores)
            table.AddRow(method, DemoVerdict.Percent(meanIou), DemoVerdict.Percent(accuracy));
        return table;
    }
}
