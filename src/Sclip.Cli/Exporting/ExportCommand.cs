using System.CommandLine;
using System.Globalization;
using Sclip.Cli.Completion;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Review;
using Sclip.Evaluation.Predictions;
using Sclip.Formats;
using Sclip.Formats.Pictures;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli.Exporting;

/// <summary><c>sclip export</c>: brings masks into the formats of annotators and trainers.</summary>
internal static class ExportCommand
{
    public static Command Create(CliContext context)
    {
        var source = new Argument<string>("JOB|DIR") { Description = "A job's id, or a folder that `sclip label`, `sclip results` or `sclip import` wrote." };
        var format = new Option<string>("--format") { HelpName = "FORMAT", Description = $"{string.Join("; ", ExportFormat.All.Select(item => $"{item.Name}: {item.Description}"))}." }.WithValues(ExportFormat.All.Select(item => item.Name));
        var reader = new Option<string?>("--for") { HelpName = "TOOL", Description = $"The tool that is to read it, which sets --shapes and --validation as it needs them and refuses what it does not read: {string.Join("; ", ReaderProfile.All.Select(item => $"{item.Name} ({string.Join(", ", item.Formats.Select(known => known.Format))})"))}. Without --format, the first of these." }.WithValues(ReaderProfile.All.Select(item => item.Name));
        var output = new Option<string>("--out") { Description = "The folder that the export goes to, new or empty.", Required = true };
        var labels = new Option<string?>("--labels") { Description = "Other names for the classes, in the same order; needed for folders that do not tell theirs." };
        var classes = new Option<string?>("--classes") { Description = "Names of the classes that are exported, with commas between; ids stay as they are (default: all)." };
        var confidence = DecimalOption.Create("--min-confidence", "Leave pictures out whose mean confidence is lower (0..1); --max-doubt finds bad ones better.");
        var doubt = DecimalOption.Create("--max-doubt", "Leave pictures out whose doubt is greater (0..1; see results.jsonl).");
        var classDoubt = DecimalOption.Create("--max-class-doubt", "Leave classes out of pictures in which their doubt is greater.");
        var regionDoubt = DecimalOption.Create("--max-region-doubt", "Leave regions out whose doubt is greater; needs doubt maps (label --doubt, submit --formats doubt).");
        var reviewed = new Option<string?>("--reviewed") { Description = $"Only pictures of a job that were reviewed so, with commas between: {string.Join(", ", DecisionNames.All)}." };
        var machine = new Option<bool>("--machine") { Description = "Take the machine's masks also of pictures that were corrected (default: the corrected ones)." };
        var area = new Option<int>("--min-area") { Description = "Leave regions out that have fewer pixels.", DefaultValueFactory = _ => 1 };
        var tolerance = DecimalOption.Create("--tolerance", "How far in pixels polygons may depart from the mask, in formats that have any; 0 is exact (default: 1). No region loses more than 5 %.");
        var shapes = new Option<ExportShapes>("--shapes") { Description = "For coco-instances, cvat, labelme and labelstudio. auto: a region is a polygon, and a mask where it has holes (labelme: a polygon; labelstudio: a mask a class); polygon: polygons only, holes cut open, which ultralytics, supervision and FiftyOne's CVAT reader need; mask: masks only, which are exact.", DefaultValueFactory = _ => ExportShapes.Auto };
        var things = new Option<string?>("--things") { Description = "Names of the classes that are things, which are counted (a region is an object), and not stuff, for coco-panoptic, ade20k, cityscapes (default: all are stuff) and voc-objects (default: all but the background)." };
        var background = new Option<bool>("--keep-background") { Description = "Also list the background class, which formats of regions leave out." };
        var split = new Option<string>("--split") { Description = "The part of the data set: train, val, …", DefaultValueFactory = _ => ExportOptions.UsualSplit };
        var validation = DecimalOption.Create("--validation", "The share of the pictures that is the part val, by a hash of their names, such as 0.1 (default: none).");
        var prefix = new Option<string>("--image-prefix") { Description = "What is put before the names of pictures, such as images/ or /data/local-files/?d=.", DefaultValueFactory = _ => "" };
        var copy = new Option<bool>("--copy-pictures") { Description = "Copy the pictures to where the format's readers look for them; those of a kind that is not read there, or that EXIF turns, are rewritten." };
        var link = new Option<bool>("--link-pictures") { Description = "The same by symbolic links; a picture that has to be rewritten is copied." };
        var pictures = new Option<string[]>("--pictures") { Description = "A folder that the pictures lie in, for --copy-pictures and --link-pictures (default: where they were labelled); may be given several times." };
        var threads = new Option<int>("--threads") { Description = "Pictures worked at at once; the export does not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var force = new Option<bool>("--force") { Description = "Replace an earlier export in the same folder." };

        var command = new Command("export", "Export masks to the formats of annotators and trainers.") { source };
        foreach (var option in (Option[])[format, reader, output, labels, classes, confidence, doubt, classDoubt, regionDoubt, reviewed, machine, area, tolerance, shapes, things, background, split, validation, prefix, copy, link, pictures, threads, force])
            command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var profile = parsed.GetValue(reader) is { } tool ? ReaderOf(tool) : null;
            var chosen = FormatOf(parsed.GetValue(format) ?? profile?.Formats[0].Format ?? throw new UserException(
                $"Give --format, one of {string.Join(", ", ExportFormat.All.Select(item => item.Name))}; or --for, the tool that is to read it: {string.Join(", ", ReaderProfile.All.Select(item => item.Name))}."));
            var names = parsed.GetValue(labels) is { } file ? GivenLabels.Read(context, file).Classes : null;
            await using var opened = await OpenedSource.OpenAsync(parsed.GetRequiredValue(source), names, context.Stop);
            var options = new ExportOptions
            {
                Format = chosen,
                MinConfidence = parsed.GetValue(confidence),
                MaxDoubt = parsed.GetValue(doubt),
                MaxClassDoubt = parsed.GetValue(classDoubt),
                MaxRegionDoubt = parsed.GetValue(regionDoubt),
                Reviewed = parsed.GetValue(reviewed) is { } decisions ? DecisionNames.Parse("--reviewed", decisions) : null,
                Machine = parsed.GetValue(machine),
                Classes = IndicesOf("--classes", parsed.GetValue(classes), opened.Source.Classes),
                Things = IndicesOf("--things", parsed.GetValue(things), opened.Source.Classes) ?? [],
                KeepBackground = parsed.GetValue(background),
                MinArea = parsed.GetValue(area),
                Tolerance = parsed.GetValue(tolerance) ?? ExportOptions.UsualTolerance,
                Shapes = parsed.GetValue(shapes),
                Split = parsed.GetRequiredValue(split),
                Validation = parsed.GetValue(validation),
                ImagePrefix = parsed.GetRequiredValue(prefix),
                Pictures = TransferOf(parsed.GetValue(copy), parsed.GetValue(link)),
                PictureFolders = parsed.GetValue(pictures) ?? [],
                Threads = parsed.GetValue(threads),
                Force = parsed.GetValue(force),
            };
            return await RunAsync(context, opened.Source, parsed.GetRequiredValue(output), profile?.Apply(options) ?? options);
        });
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ExportSource source, string output, ExportOptions options)
    {
        if (source.Unfinished is { } unfinished)
            await context.Error.WriteLineAsync($"warning: {unfinished}");
        ExportOutcome outcome;
        try
        {
            outcome = await Exporter.RunAsync(source, output, options, context.TellFailure, new PlainProgress(context), context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            await context.Error.WriteLineAsync($"Interrupted; {output} is as it was. The same command starts over.");
            return ExitCodes.Interrupted;
        }
        var summary = outcome.Summary;
        foreach (var notice in outcome.Notices)
            await context.Error.WriteLineAsync($"notice: {notice}");
        // As eval has it: a mask that no result names may be another run's, or its result was lost.
        var strangers = source.Folder is { } folder ? PredictionFolder.Open(folder).Strangers(context.Stop) : new NameSample();
        if (strangers.Count > 0)
            await context.Error.WriteLineAsync($"warning: {Counted.Of(strangers.Count, "mask")} in {source.Folder} {(strangers.Count == 1 ? "is" : "are")} named by no result in results.jsonl, and not exported: {strangers}");
        await context.Output.WriteLineAsync($"{Counted.Of(summary.Exported, "picture")} exported to {output}{string.Concat(Others(summary, options).Concat(PictureReport.Of(outcome)).Select(other => $"; {other}"))}.");
        if (summary is { Exported: 0, NotLabelled: 0 })
            await context.Error.WriteLineAsync("warning: the export has no picture.");
        return summary.Failed > 0 || summary.Unreadable > 0 || summary is { Exported: 0, NotLabelled: > 0 } || strangers.Count > 0 || source.Unfinished is not null ? ExitCodes.SomeFailed : ExitCodes.Done;
    }

    private static IEnumerable<string> Others(ExportSummary summary, ExportOptions options)
    {
        if (summary.Corrected > 0)
            yield return $"{summary.Corrected} of them with corrected masks";
        if (options.Reviewed is { } decisions)
            yield return $"{Counted.Of(summary.NotReviewedSo, "picture")} left out, not {string.Join(" or ", decisions.Select(DecisionNames.Of))}";
        if (summary.LeftOut > 0)
            yield return $"{Counted.Of(summary.LeftOut, "picture")} left out, {Reasons(options)}, with {Share(summary.LeftOutPixels, summary.LeftOutPixels + summary.Pixels)}";
        if (summary.VoidPixels > 0)
            yield return $"{Share(summary.VoidPixels, summary.Pixels)} void in the source";
        if (summary.Pixels - summary.VoidPixels - summary.LabelledPixels is > 0 and var others)
            yield return $"{Share(others, summary.Pixels)} left out, of {(options.Classes is null ? "the background (--keep-background lists it)" : "other classes")}";
        if (options.MaxClassDoubt is not null || options.MaxRegionDoubt is not null)
            yield return $"{Share(summary.DoubtfulPixels, summary.LabelledPixels)} left out, too much in doubt";
        if (options.MinArea > 1)
            yield return $"{Share(summary.SmallPixels, summary.LabelledPixels)} left out, in too small regions";
        if (summary.PolygonPixels > 0)
            yield return $"{Share(summary.ChangedPixels, summary.PolygonPixels)} differ from the masks in polygons";
        if (summary.NotLabelled > 0)
            yield return $"{summary.NotLabelled} without a mask, since they could not be labelled";
        if (summary.Failed > 0)
            yield return $"{summary.Failed} failed";
        if (summary.Unreadable > 0)
            yield return $"{Counted.Of(summary.Unreadable, "line")} of the results could not be read";
    }

    private static string Share(long part, long all) => string.Create(CultureInfo.InvariantCulture, $"{part:N0} of {all:N0} pixels ({100.0 * part / Math.Max(1, all):0.00} %)");

    private static string Reasons(ExportOptions options) => string.Join(", or ", new[]
    {
        options.MinConfidence is { } least ? string.Create(CultureInfo.InvariantCulture, $"whose confidence is below {least} or not known") : null,
        options.MaxDoubt is { } most ? string.Create(CultureInfo.InvariantCulture, $"whose doubt is above {most} or not known") : null,
        options.MaxClassDoubt is not null ? "whose classes' doubts are not known" : null,
    }.OfType<string>());

    private static ReaderProfile ReaderOf(string name) => ReaderProfile.Find(name) ?? throw new UserException(
        $"--for '{JobNames.Shown(name)}' is not known{Meant(name, ReaderProfile.All.Select(reader => reader.Name))}. The tools are {string.Join(", ", ReaderProfile.All.Select(reader => reader.Name))}; for any other give --format.");

    private static PictureTransfer TransferOf(bool copy, bool link) => (copy, link) switch
    {
        (true, true) => throw new UserException("Give --copy-pictures or --link-pictures, not both."),
        (true, _) => PictureTransfer.Copy,
        (_, true) => PictureTransfer.Link,
        _ => PictureTransfer.None,
    };

    private static ExportFormat FormatOf(string name) => ExportFormat.Find(name) ?? throw new UserException(
        $"There is no format '{JobNames.Shown(name)}'{MeantFormat(name)}. The formats are {string.Join(", ", ExportFormat.All.Select(format => format.Name))}.");

    /// <summary>The formats that begin so; else the one that reads alike.</summary>
    private static string MeantFormat(string name)
    {
        var names = ExportFormat.All.Select(format => format.Name).ToArray();
        return Array.FindAll(names, item => name.Length > 0 && item.StartsWith(name, StringComparison.OrdinalIgnoreCase)) switch
        {
            [] => Meant(name, names),
            [var only] => $" (did you mean '{only}'?)",
            [.. var others, var last] => $" (did you mean {string.Join(", ", others.Select(item => $"'{item}'"))} or '{last}'?)",
        };
    }

    /// <summary>The indices of classes by their names; a synonym is a name, too.</summary>
    private static int[]? IndicesOf(string option, string? names, IReadOnlyList<LabelClass> classes) => names is null ? null :
    [
        .. names.Split(',', StringSplitOptions.TrimEntries).Select(name => classes.Index()
            .Where(item => item.Item.AllNames.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(item => (int?)item.Index)
            .FirstOrDefault() ?? throw new UserException($"{option}: there is no class '{JobNames.Shown(name)}'{Meant(name, classes.SelectMany(label => label.AllNames))}.")),
    ];

    private static string Meant(string name, IEnumerable<string> names) => NearestName.Of(name, names) is { } near ? $" (did you mean '{near}'?)" : "";
}
