using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Predictions;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Worker;
using Sclip.Worker.Engines;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;

namespace Sclip.Cli.Labelling;

/// <summary>One run of <c>sclip label</c>: find the pictures, load the model, embed the labels, label what is not labelled yet; and of <c>sclip relabel</c>, which finds kept features instead.</summary>
/// <param name="context">Where it tells how it goes.</param>
/// <param name="json">Where its summary is written for programs; null writes a table to the context's output.</param>
internal sealed class LabelRun(CliContext context, TextWriter? json = null)
{
    /// <summary>A run whose summary is a table, or JSON alone on the output.</summary>
    public static LabelRun Of(CliContext context, bool asJson) => asJson ? new LabelRun(context.WithNotesOnError(), context.Output) : new LabelRun(context);

    /// <summary>The option for <see cref="LabelArguments.Report"/>.</summary>
    public static Option<bool> CreateReportOption() => new("--report")
    {
        Description = "Also write report.html, one page of the run that loads nothing: shares and doubt of the classes, the pictures most in doubt, failures by reason.",
    };

    public async Task<int> RunAsync(LabelArguments arguments)
    {
        // What is cheap to check comes before the model is loaded.
        DenseMethods.Validate(arguments.Settings.Method);
        var guide = arguments.Guide ?? arguments.Features?.GuideName;
        GuideOption.Require([arguments.Settings.Method], guide);
        var labels = arguments.Labels;
        SettingsOptions.RequireBackground(labels, arguments.Settings);
        var kept = arguments.Features;
        var (pictures, otherFiles) = kept is null ? await ScanAsync(arguments) : (kept.Pictures, 0);
        if (kept?.Unfinished is { } unfinished)
            await context.Error.WriteLineAsync($"warning: {kept.Folder} is not whole: {unfinished} What is there is labelled.");
        var devices = EngineDevices.Find(arguments.Device);
        var name = arguments.Model ?? kept!.ModelName;
        using var model = devices.All[0].LoadModel(kept is null ? ModelCache.OfUser().Resolve(name) : kept.ResolveModel(arguments.Model), arguments.Threads, packVision: kept is null,
            guide is null ? null : kept is null ? ModelCache.OfUser().Resolve(guide) : kept.ResolveGuide(arguments.Guide));
        kept?.RequireModel(model, name, guide);
        var templates = model.Defaults.PromptsOf(arguments.Settings.Templates);
        var options = PipelineOptions.Of(arguments.Settings, model.Defaults, arguments.Limits, arguments.Device.Batch, arguments.Threads);
        options.Segmentation.Validate(model, keepsFeatures: options.KeepFeatures is not null);
        var marker = new FolderMarker { Command = arguments.Command, Settings = RunSettings.Describe(model, name, guide, labels, templates, options, devices.All[0]), Inputs = kept?.Inputs };
        if (arguments.Settings.KeepFeatures is { } encoding)
            (marker.Settings["keep_features"], marker.Settings["vision_weights"]) = (encoding, model.VisionFingerprint);
        if (kept is not null)
            (marker.Settings["features"], marker.Settings["features_precision"]) = (kept.Encoding, kept.Precision);
        using var folder = ResultsFolder.Open(arguments.Output, marker, pictures, labels.Classes, arguments.Force);
        var report = arguments.Report ? RunReport.Open(context, arguments.Output, pictures, arguments.Limits) : null;
        var (done, givenUp, toDo) = await SplitAsync(folder, pictures, labels, arguments.Settings, options.Parallelism);
        foreach (var warning in LabelWarnings.Of(labels.Classes))
            await context.Error.WriteLineAsync($"warning: {warning}");
        var tally = new RunTally(labels);
        foreach (var picture in done.Concat(givenUp))
            tally.Add(folder.Known(picture), isNew: false);
        folder.Begin(toDo);
        var failed = new NameSample();
        foreach (var result in toDo.Where(picture => picture.Failure is not null).Select(FailedAgain))
        {
            folder.Add(result);
            tally.Add(result, isNew: true);
            failed.Add(result.Image);
        }
        toDo.RemoveAll(picture => picture.Failure is not null);
        if (failed.Count > 0)
            await context.Error.WriteLineAsync($"failed again: {failed.Count} {(failed.Count == 1 ? "picture" : "pictures")} without features, since {(failed.Count == 1 ? "it" : "they")} could not be labelled in {kept!.Folder}: {failed}");

        var (start, left, stuck) = (Stopwatch.GetTimestamp(), toDo.Count, (string?)null);
        if (toDo.Count > 0)
        {
            await devices.TellAsync(context);
            if (arguments.Settings.KeepFeatures is { } keep)
                await new FeatureEstimate(PatchCut.OfFeatures(model, options.Segmentation), model.Config.EmbeddingSize, options.Segmentation, options.ShortSide, keep).TellAsync(context, toDo, arguments.Limits.MaxPixels, arguments.Output);
            var embeddings = LabelProgress.Embed(context, model, labels, templates);
            using var engines = LoadedEngines.Of(devices, model, labels, embeddings);
            start = Stopwatch.GetTimestamp();
            var worker = new WorkerOptions
            {
                Threads = arguments.Threads,
                Batch = arguments.Device.Batch?.ToString(CultureInfo.InvariantCulture),
                MaxPixels = arguments.Limits.MaxPixels,
                MaxFileBytes = arguments.Limits.MaxFileBytes,
                PictureSeconds = arguments.PictureSeconds,
                // Nobody else takes a shard, or would go on with one.
                HoldSeconds = 30 * 24 * 3600,
                CheckpointSeconds = double.MaxValue,
            };
            using var job = new EmbeddedJob(context, arguments.Output, kept is null ? null : new FileBlobStore(kept.Folder), worker, engines);
            await new RunProgress(context).FollowAsync(toDo.Count, job.RunAsync(toDo, labels.WithBackgroundMarked().Classes, arguments.Settings), result =>
            {
                folder.Add(result);
                tally.Add(result, isNew: true);
                left--;
            });
            stuck = job.Stuck;
        }
        var summary = LabelSummary.Of(arguments, tally, done.Count, left, otherFiles, Stopwatch.GetElapsedTime(start), folder.ResultsPath);
        // Whatever becomes of the page: the run is over, and all that it was to make is there.
        if (left == 0)
            folder.Finish();
        var lacking = report is null ? null : await report.TryWriteAsync(summary, tally, labels, [$"{name}, {options.Segmentation.Method}, on {devices.Choice}", Path.GetFullPath(arguments.Output)]);
        summary = summary with { Report = report is null || lacking is not null ? null : report.Path };
        if (json is null)
            SummaryTable.Write(context, summary, tally);
        else
            await json.WriteJsonAsync(summary, CliJson.Default.LabelSummary);
        if (lacking is not null)
            await context.Error.WriteLineAsync($"sclip: {lacking}");
        if (left > 0 && stuck is not null)
        {
            await context.Error.WriteLineAsync(
                $"{Printable.Line(stuck)} was not decoded within {arguments.PictureSeconds} s, and its thread cannot be stopped: the run ends with {left} of {Counted.Of(pictures.Count, "picture")} left. The same command goes on with them, and leaves that one out.");
            return ExitCodes.Interrupted;
        }
        if (left > 0)
        {
            await context.Error.WriteLineAsync($"Interrupted with {left} of {Counted.Of(pictures.Count, "picture")} left. The same command goes on where it stopped.");
            return ExitCodes.Interrupted;
        }
        return lacking is not null ? ExitCodes.NoReport : tally.Failed.Count > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }

    private async Task<(IReadOnlyList<PictureReference> Pictures, int OtherFiles)> ScanAsync(LabelArguments arguments)
    {
        var scan = await InputScan.TellAsync(context, arguments.Inputs, arguments.Output);
        return (scan.Pictures, scan.OtherFiles);
    }

    /// <summary>The result of a picture whose features were not kept because it failed.</summary>
    private static ImageResult FailedAgain(PictureReference picture) => new()
    {
        Image = picture.Name,
        Status = ImageStatus.Failed,
        Reason = picture.Failure!.Reason,
        Error = picture.Failure.Error,
        InputBytes = picture.Bytes,
        InputModified = picture.Modified,
    };

    /// <summary>What is labelled already, what an earlier run that goes on has given up, and what is to be labelled; tells what is labelled again, and what is left out, and why.</summary>
    private async Task<(List<PictureReference> Done, List<PictureReference> GivenUp, List<PictureReference> ToDo)> SplitAsync(ResultsFolder folder, IReadOnlyList<PictureReference> pictures, LabelSet labels, JobSettings wanted, int threads)
    {
        var done = pictures.Where(picture => folder.IsDone(picture, wanted)).ToList();
        var again = new HashSet<PictureReference>();
        await TellAsync(pictures.Where(folder.IsReplaced), "changed since it was labelled", "changed since they were labelled");
        // Outputs are read at a hundredth of the time that labelling takes.
        await TellAsync(folder.Spoiled(done, [.. labels.Classes.Select(label => label.Name)], threads, context.Stop), "has an output that is damaged, or another picture's", "have outputs that are damaged, or other pictures'");
        done.RemoveAll(again.Contains);
        if (folder.Others() is { Count: > 0 } others)
            await context.Error.WriteLineAsync($"kept: {others.Count} {(others.Count == 1 ? "result of a picture that is" : "results of pictures that are")} not among the inputs now: {others}");
        var (givenUp, left) = (pictures.Where(folder.IsGivenUp).ToList(), new NameSample());
        givenUp.ForEach(picture => left.Add(picture.Name));
        if (left.Count > 0)
            await context.Error.WriteLineAsync($"left out: {left.Count} {(left.Count == 1 ? "picture that was" : "pictures that were")} not decoded in time before, until all others are done: {left}");
        var isDone = done.Concat(givenUp).ToHashSet();
        return (done, givenUp, [.. pictures.Where(picture => !isDone.Contains(picture))]);

        async Task TellAsync(IEnumerable<PictureReference> found, string one, string many)
        {
            var names = new NameSample();
            foreach (var picture in found)
                if (again.Add(picture))
                    names.Add(picture.Name);
            if (names.Count > 0)
                await context.Error.WriteLineAsync($"labelled again: {names.Count} {(names.Count == 1 ? $"picture {one}" : $"pictures {many}")}: {names}");
        }
    }
}
