using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Sclip.Cli.Jobs;
using Sclip.Cli.Labelling;
using Sclip.Contracts;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Reviews;
using Sclip.Formats.Importing;
using Sclip.Labels;

namespace Sclip.Cli.Importing;

/// <summary><c>sclip import</c>: annotations of others as a folder of masks.</summary>
internal sealed class ImportCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _source = new("SRC") { Description = "A file or folder of annotations." };
    private readonly Option<string?> _output = new("--out") { Description = "The folder of the masks, new or empty." };
    private readonly Option<string?> _job = new("--job") { Description = "In place of --out, a job: the masks become the corrected ones of its images of the same names, beside the machine's." };
    private readonly Option<string?> _by = new("--by") { Description = "With --job, who corrected them (default: the user's name)." };
    private readonly Option<string?> _labels = new("--labels") { Description = "The classes that the masks are to have, by names and synonyms, as for label. Else those of the annotations." };
    private readonly Option<string?> _format = new("--format") { Description = $"What SRC is, where it is not found out: {string.Join("; ", AnnotationSets.Forms.Select(form => $"{form.Names[0]}: {form.Description}"))}." };
    private readonly Option<bool> _background = new("--background") { Description = "Pixels that no annotation covers are background, also in forms where they are void." };
    private readonly Option<bool> _noBackground = new("--no-background") { Description = "Pixels that no annotation covers are void, also in forms where they are background." };
    private readonly SetOptions _set = new();
    private readonly Option<string?> _pictures = new("--pictures") { Description = "The folder of the pictures, where annotations do not tell their sizes or names and they do not lie beside them." };
    private readonly Option<int> _threads = new("--threads") { Description = "Pictures worked at at once; the masks do not depend on it.", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<bool> _force = new("--force") { Description = "Replace an earlier import in the same folder." };

    private ImportCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var import = new ImportCommand(context);
        var command = new Command("import", "Turn annotations of other tools into a folder of masks, which export, eval and the other commands take.") { import._source };
        foreach (var option in (Option[])[import._output, import._job, import._by, import._labels, import._format, import._background, import._noBackground, .. import._set.All, import._pictures, import._threads, import._force])
            command.Add(option);
        command.SetAction((parsed, _) => import.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var source = parsed.GetRequiredValue(_source);
        if (parsed.GetValue(_job) is { } job)
            return await CorrectAsync(parsed, source, job);
        if (parsed.GetValue(_output) is not { } output)
            throw new UserException("Give --out, a folder that the masks go to; or --job, a job whose masks they correct.");
        if (parsed.GetValue(_by) is not null)
            throw new UserException("--by is of use only with --job; leave it out.");
        var given = parsed.GetValue(_labels) is { } labels ? GivenLabels.Read(_context, labels).Classes : null;
        var mapping = MappingOf(parsed);
        if (mapping.UnknownAreVoid && given is null)
            throw new UserException("--unknown is of use only with --labels; leave it out.");
        var threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(_threads), 1)!;
        try
        {
            using var set = AnnotationSets.Open(source, _set.Of(parsed, parsed.GetValue(_format), given, parsed.GetValue(_pictures)), _context.Stop);
            var request = new ImportRequest
            {
                Set = set,
                Target = TargetOf(set, source, given, mapping),
                Source = source,
                Output = output,
                Settings = new JsonObject([new("form", set.Form), new("background", mapping.Background), .. _set.Settings(parsed), new("pictures", parsed.GetValue(_pictures) is { } pictures ? FolderMarker.Place(pictures) : null)]),
                Threads = threads,
                Force = parsed.GetValue(_force),
            };
            var summary = await Importer.RunAsync(request, _context.TellFailure, new PlainProgress(_context), _context.Stop);
            await TellAsync(request, summary);
            return summary.Failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
        }
        catch (OperationCanceledException) when (_context.Stop.IsCancellationRequested)
        {
            await _context.Error.WriteLineAsync($"Interrupted; {output} is as it was. The same command starts over.");
            return ExitCodes.Interrupted;
        }
    }

    private async Task<int> CorrectAsync(ParseResult parsed, string source, string id)
    {
        foreach (var option in (Option[])[_output, _labels, _force])
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UserException($"{option.Name} does not apply with --job, whose classes the masks get, and beside whose masks they stand; leave it out.");
        var by = parsed.GetValue(_by) ?? Environment.UserName;
        if (string.IsNullOrWhiteSpace(by) || by.Length > ReviewRequest.LongestReviewer || by.Any(char.IsControl))
            throw new UserException($"--by must be a name of 1 to {ReviewRequest.LongestReviewer} characters, none of them a control character.");
        var threads = (int)SettingsOptions.AtLeast("--threads", parsed.GetValue(_threads), 1)!;
        await using var session = JobSession.Open();
        var job = await session.FindAsync(id, _context.Stop);
        using var set = AnnotationSets.Open(source, _set.Of(parsed, parsed.GetValue(_format), job.Labels, parsed.GetValue(_pictures)), _context.Stop);
        var mapping = MappingOf(parsed);
        var target = (mapping with { Background = mapping.Background ?? OwnExport.Find(source)?.Background }).To(set, source, job.Labels, $"The classes of job {id}");
        var import = new CorrectionImport(session.Stores, job, set, target, by, _context.TellFailure);
        try
        {
            var (imported, failed) = await import.RunAsync(threads, new PlainProgress(_context), _context.Stop);
            foreach (var notice in set.Notices)
                await _context.Error.WriteLineAsync($"notice: {notice}");
            await _context.Output.WriteLineAsync($"{Counted.Of(imported, "picture")} imported from {set.Form} into job {id} as corrected masks by {by}{(failed > 0 ? $"; {failed} failed" : "")}.");
            if ((imported, failed) == (0, 0))
                await _context.Error.WriteLineAsync("warning: the annotations have no picture.");
            return failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
        }
        catch (OperationCanceledException) when (_context.Stop.IsCancellationRequested)
        {
            await _context.Error.WriteLineAsync("Interrupted. What was imported so far stays; the same command goes on.");
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>The classes that are given; else those of the masks that an export of Sclip's was made of; else the annotations' own.</summary>
    private static ImportTarget TargetOf(IAnnotationSet set, string source, IReadOnlyList<LabelClass>? given, ClassMapping mapping)
    {
        if (given is not null)
            return mapping.To(set, source, given, "--labels");
        return OwnExport.Find(source) is { } export && ClassMapping.Knows(export.Classes, set)
            ? (mapping with { Background = mapping.Background ?? export.Background }).To(set, source, export.Classes, MaskLabels.FileName)
            : mapping.Own(set);
    }

    private ClassMapping MappingOf(ParseResult parsed) => new(
        (parsed.GetValue(_background), parsed.GetValue(_noBackground)) switch
        {
            (true, true) => throw new UserException("--background and --no-background exclude each other; give one."),
            (true, false) => true,
            (false, true) => false,
            _ => null,
        },
        _set.UnknownAreVoid(parsed));

    private async Task TellAsync(ImportRequest request, ImportSummary summary)
    {
        foreach (var notice in request.Set.Notices)
            await _context.Error.WriteLineAsync($"notice: {notice}");
        var none = summary.VoidPixels == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; {summary.VoidPixels:N0} of {summary.Pixels:N0} pixels ({100.0 * summary.VoidPixels / summary.Pixels:0.00} %) are void ({request.Target.Void})");
        var classes = $"{request.Target.Classes.Count} {(request.Target.Classes.Count == 1 ? "class" : "classes")}";
        await _context.Output.WriteLineAsync($"{Counted.Of(summary.Imported, "picture")} of {classes} imported from {request.Set.Form} to {request.Output}{none}{(summary.Failed > 0 ? $"; {summary.Failed} failed" : "")}.");
        if (summary is { Imported: 0, Failed: 0 })
            await _context.Error.WriteLineAsync("warning: the annotations have no picture.");
    }
}
