using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Cli.Importing;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Evaluation.Metrics;
using Sclip.Evaluation.Predictions;
using Sclip.Evaluation.Reports;
using Sclip.Labels;
using Sclip.Storage.Folders;

namespace Sclip.Cli.Evaluating;

/// <summary><c>sclip eval</c>: masks against ground truth.</summary>
internal sealed class EvalCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _input = new("PRED") { Description = "A folder as label and results write it, or any folder of mask PNGs." };
    private readonly Option<string?> _labels = new("--labels") { Description = "The classes, as for label. Else those that PRED tells, else the ids that are found." };
    private readonly Option<string?> _predictionIds = new("--prediction-ids") { Description = "The same as --ids, of predictions." };
    private readonly Option<string> _predictionSuffix = new("--prediction-suffix") { Description = "The same of predictions, such as _leftImg8bit.", DefaultValueFactory = _ => "" };
    private readonly GroundTruthOptions _truth = new();
    private readonly Option<bool> _colors = new("--colors") { Description = "Read masks that are RGB pictures by the classes' colours." };
    private readonly Option<bool> _partial = new("--partial") { Description = "Evaluate what has both, where predictions and ground truth do not match." };
    private readonly Option<string> _output = new("--out") { Description = "Where report.html, metrics.json, confusion.csv and confusion.png go.", DefaultValueFactory = _ => "sclip-eval" };
    private readonly Option<string?> _pictures = new("--pictures") { Description = "The folder of the pictures, to be shown in the report; and for annotations that do not tell their sizes or names." };
    private readonly Option<int> _worst = new("--worst") { Description = "How many of the worst pictures the report shows.", DefaultValueFactory = _ => 12 };
    private readonly Option<int> _threads = new("--threads") { Description = "Masks that are read at a time; results do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<bool> _force = new("--force") { Description = "Replace the report of other predictions or ground truth that is in --out." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the measures as JSON, and nothing else." };

    private EvalCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var eval = new EvalCommand(context);
        eval._truth.Truth.Required = true;
        var command = new Command("eval", "Compare masks with ground truth: mIoU, mAcc, aAcc, confusions, and the worst pictures.") { eval._input };
        foreach (var option in (Option[])[eval._truth.Truth, eval._labels, eval._predictionIds, .. eval._truth.OfMasks, eval._predictionSuffix, eval._colors, .. eval._truth.Set.All, eval._partial,
            eval._output, eval._pictures, eval._worst, eval._threads, eval._force, eval._json])
            command.Add(option);
        command.SetAction((parsed, _) => eval.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var output = parsed.GetRequiredValue(_output);
        var isJson = parsed.GetValue(_json);
        var predictions = PredictionFolder.Open(parsed.GetRequiredValue(_input), parsed.GetRequiredValue(_predictionSuffix), except: output);
        if (FolderMarkers.Find(predictions.Folder) is { Unfinished: { } unfinished } found && found.HoldsResults())
            await _context.Error.WriteLineAsync($"warning: {predictions.Folder} is not whole: {unfinished}");
        var root = parsed.GetRequiredValue(_truth.Truth)!;
        if (!predictions.HoldsResults && Directory.Exists(root) && FolderMarkers.Find(PredictionFolder.Open(root).Folder) is { } made && made.HoldsResults())
            await _context.Error.WriteLineAsync($"WARNING: the ground truth {root} is {made.Describe()}, and {predictions.Folder} holds no results: see whether the two are exchanged.");
        var pictures = parsed.GetValue(_pictures) is { } folder ? new PictureFolder(folder) : null;
        var given = parsed.GetValue(_labels) is { } labels ? GivenLabels.Read(_context, labels).Classes : null;
        var own = predictions.Classes(given);
        using var annotated = OpenAnnotations(parsed, root, given, own);
        IGroundTruth truth = annotated is null ? new MaskFolder(MasksOf(root, given ?? own), _truth.Suffix(parsed), except: output) : annotated;
        var settings = new EvaluationSettings
        {
            Classes = given ?? own,
            TruthIds = _truth.Ids(parsed),
            PredictionIds = IdList.Parse("--prediction-ids", parsed.GetValue(_predictionIds)),
            Ignore = annotated?.Void ?? _truth.Ignore(parsed, root),
            ReduceZeroLabel = _truth.ReducesZeroLabel(parsed),
            ByColors = parsed.GetValue(_colors),
            Worst = (int)SettingsOptions.AtLeast("--worst", parsed.GetValue(_worst), 0)!,
            Threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(_threads), 1)!,
        };
        if (own is not null && given is not null)
            MaskLabels.RequireOrder(own, given, settings.PredictionIds);
        try
        {
            var evaluator = new Evaluator(settings, predictions.Masks, truth, predictions.Told(own, _context.Stop));
            var match = MaskMatch.Of(predictions, truth, _context.Stop);
            var checks = new EvalChecks(_context, parsed.GetValue(_partial));
            await checks.RequireOneRunAsync(predictions);
            await checks.RequirePairsAsync(match);
            var marker = Marker(parsed, settings);
            using var owned = OwnedFolder.Open(output, marker, parsed.GetValue(_force), "replace it");
            var result = await new EvalProgress(_context, isQuiet: isJson).FollowAsync(match.Pairs, counted => evaluator.RunAsync(match, counted, _context.Stop));
            owned.Mark(marker with { Unfinished = "`sclip eval` was interrupted while it wrote this folder." });
            var report = new HtmlReport(result, predictions.Masks, truth, evaluator, pictures);
            ReportFolder.Write(output, result, report);
            owned.Mark(marker);
            if (report.WithoutPicture is { Count: > 0 } lacking)
                await _context.Error.WriteLineAsync($"warning: {lacking.Count} of the {Counted.Of(result.Worst.Count, "picture")} that the report shows {(lacking.Count == 1 ? "is" : "are")} not in {parsed.GetValue(_pictures)}, or cannot be read: {lacking}");
            await WriteAsync(result, output, isJson);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException)
        {
            await _context.Error.WriteLineAsync("Interrupted; nothing was written.");
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Masks or results cannot be listed: {error.Message}", error);
        }
    }

    /// <summary>Opens what is no folder of masks; null where it is one.</summary>
    /// <exception cref="UserException">It cannot be used with these options.</exception>
    private AnnotatedTruth? OpenAnnotations(ParseResult parsed, string root, IReadOnlyList<LabelClass>? given, IReadOnlyList<LabelClass>? own)
    {
        // Those of the predictions say nothing of the order of ids in annotations.
        if (_truth.OpenAnnotations(parsed, root, given, parsed.GetValue(_pictures), _truth.OfMasks.Append(_colors), _context.Stop) is not { } set)
            return null;
        try
        {
            if ((given ?? own) is not { } classes)
                throw new UserException($"The ground truth {root} ({set.Form}) tells its classes by name, and those of the predictions are not known: give them by --labels, in the order of the masks' ids.");
            var whose = given is null ? "The predictions" : "--labels";
            var truth = new AnnotatedTruth(set, new ClassMapping(UnknownAreVoid: _truth.Set.UnknownAreVoid(parsed)).To(set, root, classes, whose), root, _context.Stop);
            foreach (var notice in set.Notices)
                _context.Error.WriteLine($"notice: {notice}");
            if (set.LeavesBackground && LabelSet.BackgroundOf(classes) is null)
                _context.Error.WriteLine($"notice: pixels that nothing in {root} covers do not count, as none of the classes is the background.");
            return truth;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>The masks of a ground truth that was imported or labelled lie in a folder of their own; their classes must be in the order of the predictions'.</summary>
    /// <exception cref="UserException">They are in another.</exception>
    private static string MasksOf(string root, IReadOnlyList<LabelClass>? classes)
    {
        if (!Directory.Exists(root) || FolderMarkers.Find(root) is not { } marker || !marker.HoldsResults())
            return root;
        try
        {
            if (classes is not null && MaskLabels.Read(root) is { } own)
                MaskLabels.RequireOrder(own, classes);
        }
        catch (LabelSetException error)
        {
            throw new UserException($"The ground truth {root} has its classes in another order than the predictions, or the classes of --labels: class by class the values in its masks mean others. "
                + (marker.Command == "import" ? "Import it again with --labels and the file of those classes (labels.json beside the predictions); or give what was imported itself." : "Give masks that were made with the same label set."), error);
        }
        return PredictionFolder.Open(root).Masks.Root;
    }

    /// <summary>What the report depends on; what is not asked for is null, as in reports of earlier versions.</summary>
    private FolderMarker Marker(ParseResult parsed, EvaluationSettings settings) => new()
    {
        Command = "eval",
        Settings = new JsonObject(_truth.Set.Settings(parsed))
        {
            ["predictions"] = FolderMarker.Place(parsed.GetRequiredValue(_input)),
            ["ground_truth"] = FolderMarker.Place(parsed.GetRequiredValue(_truth.Truth)!),
            ["ids"] = _truth.GivenIds(parsed),
            ["prediction_ids"] = parsed.GetValue(_predictionIds),
            ["ignore"] = _truth.GivenIgnore(parsed) is var ignore && IgnoreValue.Parse(ignore) == new EvaluationSettings().Ignore ? null : ignore,
            ["reduce_zero_label"] = settings.ReduceZeroLabel ? true : null,
            ["colors"] = settings.ByColors ? true : null,
            ["ground_truth_suffix"] = _truth.Suffix(parsed) is { Length: > 0 } truth ? truth : null,
            ["prediction_suffix"] = parsed.GetValue(_predictionSuffix) is { Length: > 0 } predictions ? predictions : null,
            ["labels"] = parsed.GetValue(_labels) is null ? null : JsonNode.Parse(MaskLabels.Write(settings.Classes!)),
        },
    };

    private async Task WriteAsync(EvaluationResult result, string output, bool isJson)
    {
        foreach (var notice in result.Notices)
            await _context.Error.WriteLineAsync($"notice: {notice}");
        if (isJson)
        {
            using var json = new MemoryStream();
            MetricsJson.Write(json, result);
            await _context.Output.WriteAsync(Encoding.UTF8.GetString(json.ToArray()));
            return;
        }
        _context.Write(EvalTable.Of(result));
        await _context.Output.WriteLineAsync($"left out: {LeftOut.Of(result)}");
        await _context.Output.WriteLineAsync($"report: {Path.Combine(output, "report.html")}");
    }
}
