using System.Globalization;
using System.Text.Json.Nodes;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Predictions;
using Sclip.Evaluation.Reports;
using Sclip.Exploration.Benchmarks;
using Sclip.Imaging;
using Sclip.Segmentation;
using Sclip.Storage.Folders;
using Sclip.Worker.Engines;
using Sclip.Worker.Models;
using Sclip.Worker.Pipeline;
using Spectre.Console;

namespace Sclip.Cli.Benchmarks;

/// <summary>One run of a benchmark: find what is measured already, load the model, measure the rest, show the table.</summary>
internal sealed class BenchmarkRun(CliContext context)
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(20);

    public async Task<int> RunAsync(BenchmarkArguments arguments, Func<BenchmarkState, Table> table)
    {
        GuideOption.Require([.. arguments.Configurations.Select(item => item.Settings.Method)], arguments.Guide);
        var devices = EngineDevices.Find(arguments.Device);
        if (devices.All is not [var device])
            throw new UserException("A benchmark runs on one device; name it by --device.");
        using var model = device.LoadModel(
            ModelCache.OfUser().Resolve(arguments.Model), arguments.Threads, guide: arguments.Guide is { } guide ? ModelCache.OfUser().Resolve(guide) : null);
        var templates = model.Defaults.PromptsOf(arguments.Configurations[0].Settings.Templates);
        var options = arguments.Configurations.Select(item => PipelineOptions.Of(item.Settings, model.Defaults, ImageLimits.Default, arguments.Device.Batch, arguments.Threads, engineOnDevice: !device.PacksVision)).ToArray();
        foreach (var option in options)
            option.Segmentation.Validate(model);
        var settings = Settings(arguments, model, RunSettings.Describe(model, arguments.Model, arguments.Guide, arguments.Labels, templates, options[0], device));
        using var owned = OwnedFolder.Open(arguments.Output, "benchmark", _ => null);
        var file = new BenchmarkFile(Path.Combine(arguments.Output, "benchmark.json"));
        var state = Resume(arguments, file, settings);
        owned.Mark(new FolderMarker { Command = "benchmark" });
        var count = Math.Min(arguments.Limit ?? int.MaxValue, arguments.Data.Count);
        if (state.Position > count)
            throw new UserException($"{file.Path} has {Counted.Of(state.Position, "picture")} already, more than --limit {arguments.Limit}; use another --out, or --force to start over.");
        foreach (var (picture, error) in state.Failures)
            await context.Error.WriteLineAsync($"failed before: {Printable.Line(picture)}: {Printable.Line(error)}");
        if (state.Position < count)
        {
            await devices.TellAsync(context);
            var embeddings = LabelProgress.Embed(context, model, arguments.Labels, templates);
            using var segmenter = device.CreateSegmenter(model);
            var (progress, saving) = (new PlainProgress(context, count, before: state.Position), new Throttle(SaveInterval));
            var benchmark = new Benchmark(segmenter, embeddings, [.. arguments.Configurations.Select((item, i) => new BenchmarkConfiguration(item.Name, options[i].Segmentation))], options[0].ShortSide)
            {
                Readers = options[0].Parallelism,
                OnFailure = failure => context.TellFailure(failure.Picture, failure.Error),
                OnProgress = state =>
                {
                    if (saving.Passes())
                        file.Save(settings, state);
                    progress.Report(state.Position);
                },
            };
            try
            {
                benchmark.Run(arguments.Data, count, state, context.Stop, context.Abort);
            }
            finally
            {
                file.Save(settings, state);
            }
        }
        if (state.Position < count)
        {
            await context.Error.WriteLineAsync($"Interrupted with {count - state.Position} of {Counted.Of(count, "picture")} left. The same command goes on where it stopped.");
            return ExitCodes.Interrupted;
        }
        if (state.Done == 0)
            throw new UserException($"Nothing was measured: {(count == 1 ? "the one picture" : $"all {count} pictures")} failed. When that is mended, --force starts over.");
        await ShowAsync(arguments, table(state), state, file);
        return state.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }

    /// <summary>All that the figures depend on: the settings that all configurations have in common, what each has of its own, and the pictures.</summary>
    private static JsonObject Settings(BenchmarkArguments arguments, ClipModel model, JsonObject common)
    {
        foreach (var own in (string[])["method", "projection", "pamr_steps", "pamr_dilations"])
            common.Remove(own);
        common["ways"] = new JsonArray([.. arguments.Configurations.Select(item => JsonValue.Create(
            item.Settings.PamrSteps == 0 ? item.Name : $"{item.Name}, {item.Settings.PamrSteps} steps, dilations {string.Join(',', item.Settings.PamrDilations!)}"))]);
        var projections = arguments.Configurations.Select(item => item.Settings.Method).Distinct().Select(method => KeyValuePair.Create(method, (JsonNode?)DenseMethods.ProjectionFingerprint(method))).Where(item => item.Value is not null).ToArray();
        if (projections.Length > 0)
            common["projections"] = new JsonObject(projections);
        // Of whichever method takes it, and not of the first alone.
        common["guide"] = model.Guide?.Fingerprint;
        common["benchmark"] = arguments.Preset?.Name;
        common["pictures"] = arguments.Data.Count;
        common["picture_names"] = arguments.Data.Fingerprint;
        // How ground truth is read is told where it is not as ever, so that what was begun before it was told goes on.
        if (arguments.Reading is { } reading && (reading.TruthIds is not null || reading.ReduceZeroLabel || reading.Ignore != new EvaluationSettings().Ignore))
            common["ground_truth"] = Describe(reading);
        return common;
    }

    private static JsonObject Describe(EvaluationSettings reading) => new()
    {
        ["ids"] = reading.TruthIds is { } ids ? string.Join(',', ids.OrderBy(item => item.Key).Select(item => $"{item.Key}={item.Value}")) : null,
        ["ignore"] = reading.Ignore is { } value ? value : "none",
        ["reduce_zero_label"] = reading.ReduceZeroLabel,
    };

    private static BenchmarkState Resume(BenchmarkArguments arguments, BenchmarkFile file, JsonObject settings)
    {
        if (arguments.Force || file.Load() is not var (earlier, state))
            return new BenchmarkState(arguments.Configurations.Select(item => item.Name), arguments.Labels.Classes.Count);
        var differences = SettingsDifferences.Of(Whole(earlier, arguments.Reading), Whole(settings, arguments.Reading));
        if (differences.Length > 0)
            throw new UserException($"{file.Path} is a benchmark of other settings:\n{string.Join('\n', differences.Select(line => $"  {line}"))}\nUse another --out, or --force to start over.");
        RequireSameFiles(arguments, file, state);
        return state;
    }

    /// <summary>Settings with what is not written where it is as ever, so that what differs can be told.</summary>
    private static JsonObject Whole(JsonObject settings, EvaluationSettings? reading)
    {
        var whole = settings.DeepClone().AsObject();
        if (reading is not null)
            whole["ground_truth"] ??= Describe(new EvaluationSettings());
        if (whole["ground_truth"] is JsonObject told)
            told["ignore"] ??= "none";
        return whole;
    }

    /// <summary>Refuses to go on, or to show figures, where what was measured is not what lies there now.</summary>
    private static void RequireSameFiles(BenchmarkArguments arguments, BenchmarkFile file, BenchmarkState state)
    {
        if (state.Files is not { } files)
            return;
        var changed = new NameSample();
        foreach (var name in files.AsParallel().AsOrdered().Select((known, i) => arguments.Data[i] is var picture && picture.Fingerprint() == known ? null : picture.Name).OfType<string>())
            changed.Add(name);
        if (changed.Count > 0)
            throw new UserException(
                $"{file.Path} is a benchmark of other files by the same names: {changed.Count} of {Counted.Of(files.Count, "picture")} tried there, or of their ground truth, differ: {changed}.\nUse another --out, or --force to start over.");
    }

    private async Task ShowAsync(BenchmarkArguments arguments, Table table, BenchmarkState state, BenchmarkFile file)
    {
        await NoticeAsync(arguments, state);
        context.Write(table);
        var rate = string.Create(CultureInfo.InvariantCulture, $"{state.Done / Math.Max(state.Seconds, 1e-9):0.00} pictures/s");
        await context.Output.WriteLineAsync(
            $"{state.Done} of {Counted.Of(arguments.Data.Count, "picture")} measured, {state.Failed} failed, in {TimeSpan.FromSeconds(state.Seconds):hh\\:mm\\:ss} ({rate}, all methods together); {file.Path} has the confusion matrices.");
        var pixels = state.Ignored is null ? "pixels that do not count are unknown, since the benchmark was begun by an earlier version" : LeftOut.Pixels(state.Matrices[0].Matrix.Areas());
        var lost = arguments.Data.WithoutPicture;
        await context.Output.WriteLineAsync($"left out: {pixels}; {Counted.Of(state.Failed, "picture")} failed, {lost.Count} of the ground truth {(lost.Count == 1 ? "has" : "have")} no picture{(lost.Count > 0 ? $": {lost}" : "")}");
        if (arguments.Published is { } preset)
            await context.Output.WriteLineAsync($"Published figures are {(arguments.Configurations.Any(item => DenseMethodNames.OfModels.Contains(item.Settings.Method)) ? "those of SCLIP's Table 1" : "of CLIP ViT-B/16")}.{(preset.Note is { } note ? $" {note}" : "")}");
    }

    /// <summary>What ground truth and labels of all methods tell, once each.</summary>
    private async Task NoticeAsync(BenchmarkArguments arguments, BenchmarkState state)
    {
        var classes = arguments.Labels.Classes.Zip(Palette.Of(arguments.Labels.Classes), (label, color) => (label.Name, color)).Select((item, i) => new EvaluatedClass(i, item.Name, item.color)).ToArray();
        var settings = arguments.Reading ?? new EvaluationSettings { Classes = arguments.Labels.Classes };
        var notices = state.Matrices.SelectMany(item => Notices.Of(item.Matrix, classes, settings, ignoresByPlan: arguments.Reading is null).Select(notice => (item.Configuration, notice)));
        foreach (var same in notices.GroupBy(item => item.notice, item => item.Configuration))
            await context.Error.WriteLineAsync($"notice{(same.Count() == state.Matrices.Count ? "" : $" ({string.Join(", ", same)})")}: {same.Key}");
    }
}
