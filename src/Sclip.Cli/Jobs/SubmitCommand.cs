using System.CommandLine;
using System.Globalization;
using System.Text;
using Sclip.Cli.Completion;
using Sclip.Cli.Labelling;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Labels;
using Sclip.Worker.Models;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip submit</c>: writes a job and plans it.</summary>
internal static class SubmitCommand
{
    /// <summary>The option that submits nothing.</summary>
    public const string DryRunName = "--dry-run";

    private static readonly string[] Formats = ["mask", "overlay", "scores", "doubt"];
    private const long LargestList = 256L << 20;

    public static Command Create(CliContext context)
    {
        var input = new Option<string>("--input") { Description = "Where the images lie: CONTAINER, CONTAINER/PREFIX, @list.txt (a file of CONTAINER/NAME, one a line) or CONTAINER@list.txt (names in it)." };
        var list = new Option<string?>("--list") { Description = "A file of blob names in the container, one a line, instead of a prefix; --input CONTAINER@list.txt is the same." };
        var settings = new SettingsOptions("A model id, organisation/name, as workers find it below Worker:ModelFolder, in their cache or at the hub");
        var formats = new Option<string>("--formats") { HelpName = "FORMATS", Description = "What is written, with commas between: mask (always), overlay, scores, doubt.", DefaultValueFactory = _ => "mask" }.WithValues(Formats);
        var featuresOf = new Option<string?>("--features-of") { Description = "Instead of --input: label the kept features of a job by other names. Images, model, method and windows are that job's.", HelpName = "JOB" };
        var mostFeatures = DecimalOption.Create("--max-features-gb", $"With --keep-features: ask before more than so many GB are kept; without a terminal, refuse (default: {FeatureConsent.UsualGigabytes}).");
        var shardSize = new Option<int>("--shard-size") { Description = "Images of a shard: what a worker takes at a time. A minute or two of work is right.", DefaultValueFactory = _ => 64 };
        var priority = new Option<int>("--priority") { Description = "0 to 9; from 5 on, a job passes all others." };
        var device = new Option<string?>("--on") { Description = "Only by workers that compute on this: cpu or cuda. Default: any." }.WithValues([JobDevices.Cpu, JobDevices.Cuda]);
        var name = new Option<string?>("--name") { Description = "What to call the job." };
        var id = new Option<string?>("--id") { Description = "The job's id (default: derived from input and settings, so that the same submit twice is the same job)." };
        var dryRun = new Option<bool>(DryRunName) { Description = "Tell what the job would take (images, windows, time on the workers that there are), and submit nothing." };
        var isNew = new Option<bool>("--new") { Description = "Make a job of its own even where one of the same input and settings is there." };
        var command = new Command("submit", "Submit a bulk job over stored images. Run again with the same arguments, it finishes a submit that was interrupted.") { input, list, featuresOf };
        settings.AddTo(command);
        settings.AddKeepingTo(command);
        var json = JsonOption.Create();
        foreach (var option in (Option[])[mostFeatures, formats, shardSize, priority, device, name, id, isNew, dryRun, json])
            command.Add(option);
        command.SetAction(async (parsed, _) =>
        {
            var other = parsed.GetValue(featuresOf);
            if (parsed.GetValue(input) is null && (other is null || parsed.GetValue(list) is not null))
                throw new UserException("submit needs --input, or --features-of a job. (sclip submit --help shows all options)");
            (string? place, IReadOnlyList<string>? names) = (null, null);
            if (parsed.GetValue(input) is { } given)
                (place, names) = Input(given, parsed.GetValue(list));
            var wanted = ParseFormats(parsed.GetRequiredValue(formats));
            var model = other is null ? parsed.GetRequiredValue(settings.Model) : settings.GivenModel(parsed);
            if (model is not null && ModelId.TryParse(model) is null)
                throw new UserException($"'{model}' is no model id. A job names models as organisation/name: workers look for them below Worker:ModelFolder and in their cache, else pull them.");
            if (model is not null && Directory.Exists(model) && ModelCache.OfUser().Find(ModelId.TryParse(model)!) is null)
                await context.Error.WriteLineAsync($"warning: {model} is a folder here, which workers do not see: to them it is the id of a model below Worker:ModelFolder, in their cache or at the hub.");
            var guide = settings.GivenGuide(parsed);
            if (guide is not null && ModelId.TryParse(guide) is null)
                throw new UserException($"'{guide}' is no model id. A job names its guide, as its model, by organisation/name.");
            var keeping = settings.ReadKeeping(parsed);
            if (parsed.GetValue(mostFeatures) is < 0 and var most)
                throw new UserException(string.Create(CultureInfo.InvariantCulture, $"--max-features-gb must be at least 0; it is {most}."));
            if (keeping is null && parsed.GetValue(mostFeatures) is not null)
                throw new UserException("--max-features-gb limits nothing without --keep-features: give both, or leave it out.");
            var request = new JobRequest
            {
                FeaturesOf = other,
                Id = parsed.GetValue(id),
                Name = parsed.GetValue(name),
                New = parsed.GetValue(isNew),
                Input = place,
                Images = names,
                Labels = settings.ReadLabels(context, parsed).Classes,
                Model = model,
                Settings = settings.Read(parsed, wanted.Contains("overlay"), wanted.Contains("scores"), wanted.Contains("doubt")) with { KeepFeatures = keeping, Guide = guide },
                ShardSize = parsed.GetValue(shardSize),
                Priority = parsed.GetValue(priority),
                Device = parsed.GetValue(device),
            };
            return parsed.GetValue(dryRun)
                ? await DryRun.RunAsync(context, request, parsed.GetValue(json))
                : await RunAsync(context, new FeatureConsent(context, parsed.GetValue(mostFeatures) ?? FeatureConsent.UsualGigabytes), request, parsed.GetValue(json));
        });
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, FeatureConsent consent, JobRequest request, bool asJson)
    {
        await using var session = await JobSession.OpenWithBrokerAsync(context.Stop);
        if (request.Settings.KeepFeatures is not null && !await consent.AskAsync(request, await session.Submission.CountImagesAsync(request, context.Stop)))
        {
            await context.Error.WriteLineAsync("Nothing was submitted.");
            return ExitCodes.CannotRun;
        }
        var (job, isNew) = await session.Submission.SubmitAsync(request, context.Stop);
        string[] warnings = [.. LabelWarnings.Of(job.Labels)];
        foreach (var warning in warnings)
            await context.Error.WriteLineAsync($"warning: {warning}");
        // At once, and alone on its line: scripts read it, and where planning is interrupted the job is there all the same.
        await (asJson ? context.Error : context.Output).WriteLineAsync(job.Id);
        await context.Output.FlushAsync(context.Stop);
        if (!isNew)
            await TellRepeatedAsync(context, job, request, await session.Stores.Jobs.ReadPlanAsync(job.Id, context.Stop) is not null);
        if (!isNew && await session.Stores.Jobs.IsEndedAsync(job.Id, context.Stop))
            throw new UserException($"The job was cancelled, or failed; `sclip status {job.Id}` says more, and `sclip retry {job.Id}` goes on with it.");
        var plan = await session.Control.PlanAsync(job, new PlanProgress(context), context.Stop);
        if (plan is null)
        {
            await context.Error.WriteLineAsync($"The job was cancelled, or failed; `sclip status {job.Id}` says more.");
            return ExitCodes.CannotRun;
        }
        var others = plan.OtherBlobs > 0 ? $"; {Counted.Of(plan.OtherBlobs, "other blob")} {(plan.OtherBlobs == 1 ? "was" : "were")} passed over" : "";
        await context.Error.WriteLineAsync($"{Counted.Of(plan.Images, "image")} in {Counted.Of(plan.Shards, "shard")}{others}. Follow it with: sclip watch {job.Id}");
        if (asJson)
            await context.Output.WriteJsonAsync(new SubmitOutcome { Job = job.Id, IsNew = isNew, Images = plan.Images, Shards = plan.Shards, OtherBlobs = plan.OtherBlobs, Warnings = warnings }, CliJson.Default.SubmitOutcome);
        return ExitCodes.Done;
    }

    private static async Task TellRepeatedAsync(CliContext context, JobDocument job, JobRequest request, bool isPlanned)
    {
        if (!isPlanned)
            await context.Error.WriteLineAsync("The job is there already; what is missing of its plan follows. (--new makes another one.)");
        foreach (var note in RepeatedRequest.Notes(job, request, isPlanned))
            await context.Error.WriteLineAsync(note);
    }

    private static (string Place, IReadOnlyList<string>? Names) Input(string input, string? list)
    {
        var at = input.IndexOf('@', StringComparison.Ordinal);
        if (list is null && at >= 0)
            (input, list) = (input[..at].TrimEnd('/'), input[(at + 1)..]);
        if (list is null)
            return (input, null);
        try
        {
            if (new FileInfo(list) is { Length: > LargestList } file)
                throw new UserException($"{Printable.Line(list)} has {Counted.Of(file.Length, "byte")}; a list may have {LargestList}.");
            var names = File.ReadLines(list, new UTF8Encoding(false, throwOnInvalidBytes: true)).Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).ToArray();
            if (names.Length == 0)
                throw new UserException($"{Printable.Line(list)} names no image.");
            return input.Length > 0 ? (input, names) : Split(list, names);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new UserException($"{Printable.Line(list)} cannot be read as UTF-8 text: {Printable.Line(error.Message)}", error);
        }
    }

    /// <summary>Takes the container off names that begin with it.</summary>
    private static (string Container, IReadOnlyList<string> Names) Split(string list, string[] names)
    {
        var container = names[0].Split('/')[0];
        var foreign = names.FirstOrDefault(name => !name.StartsWith(container + "/", StringComparison.Ordinal));
        return foreign is null
            ? (container, [.. names.Select(name => name[(container.Length + 1)..])])
            : throw new UserException($"{list}: '{JobNames.Shown(foreign)}' does not begin with '{container}/' as the first name does; a job's images lie in one container. (Without it in the names: --input CONTAINER@{list}.)");
    }

    private static HashSet<string> ParseFormats(string text)
    {
        var formats = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return formats.FirstOrDefault(format => !Formats.Contains(format)) is { } unknown
            ? throw new UserException($"--formats: '{JobNames.Shown(unknown)}' is none; there are {string.Join(", ", Formats)}.")
            : formats;
    }

    /// <summary>Tells now and then how far planning is.</summary>
    private sealed class PlanProgress(CliContext context) : IProgress<JobPlan>
    {
        private readonly Throttle _throttle = new();

        public void Report(JobPlan value)
        {
            if (_throttle.Passes())
                context.Error.WriteLine($"{Counted.Of(value.Images, "image")} in {Counted.Of(value.Shards, "shard")} so far ...");
        }
    }
}
