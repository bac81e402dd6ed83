using System.CommandLine;
using Sclip.Cli.Jobs;
using Sclip.Cli.Scripting;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Review;
using Sclip.Storage.Jobs;

namespace Sclip.Cli.Reviewing;

/// <summary><c>sclip review</c>: what people decided on a job's labels, and how good those are by the masks that were corrected.</summary>
internal sealed class ReviewCommand
{
    private const string Corrections = "corrections";
    private readonly CliContext _context;
    private readonly Argument<string> _job = JobCommands.JobArgument();
    private readonly Option<string?> _export = new("--export") { Description = "A file that the reviews go to, a JSON line an image: image, shard, decision, note, reviewer, at, revision, corrected." };
    private readonly Option<string?> _decision = new("--decision") { Description = $"Of these, only those of a decision, with commas between: {string.Join(", ", DecisionNames.All)}; open ones with those that nobody reviewed." };
    private readonly Option<string?> _against = new("--against") { Description = $"{Corrections}: compare the machine's masks with the corrected ones: IoU by class and by picture." };
    private readonly Option<string?> _withdraw = new("--withdraw") { HelpName = "IMAGE", Description = "Take the correction of an image back: the machine's mask counts again. The corrected one stays in the store." };
    private readonly Option<bool> _json = JsonOption.Create();

    private ReviewCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var review = new ReviewCommand(context);
        var command = new Command("review", "Show how far the review of a job is; export the reviews; measure the labels by the corrected masks; take a correction back.") { review._job, review._export, review._decision, review._against, review._withdraw, review._json };
        command.SetAction((parsed, _) => review.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var (output, against, isJson) = (parsed.GetValue(_export), parsed.GetValue(_against), parsed.GetValue(_json));
        var decisions = parsed.GetValue(_decision) is { } names ? DecisionNames.Parse("--decision", names) : null;
        if (decisions is not null && output is null)
            throw new UserException("--decision says which reviews --export writes; give --export FILE as well.");
        if (against is not null and not Corrections)
            throw new UserException($"--against must be {Corrections}; it is '{JobNames.Shown(against)}'.");
        if (against is not null && output is not null)
            throw new UserException("--export writes reviews, and --against measures corrections; give one of them.");
        var withdraw = parsed.GetValue(_withdraw);
        if (withdraw is not null && (output ?? against) is not null)
            throw new UserException($"--withdraw changes the job, and {(output is null ? "--against measures" : "--export reads")} it; give one of them.");
        await using var session = JobSession.Open();
        var job = await session.FindAsync(parsed.GetRequiredValue(_job), _context.Stop);
        if (withdraw is not null)
            return await WithdrawAsync(session.Stores, job, withdraw, isJson);
        if (against is not null)
            return await MeasureAsync(session.Stores, job, isJson);
        if (output is not null)
            return await ExportAsync(session.Stores, job, output, decisions, isJson);
        var summary = await new ReviewTally(session.Stores, job.Id).RefreshAsync(_context.Stop);
        if (isJson)
            await _context.Output.WriteJsonAsync(summary, Json.Default.ReviewSummary);
        else
            foreach (var line in Lines(job, summary))
                await _context.Output.WriteLineAsync(line);
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Lines(JobDocument job, ReviewSummary summary)
    {
        var all = summary.Images is { } images ? Counted.Of(images, "image") : "images that are being listed";
        yield return $"Job {job.Id}, {all}: {summary.Accepted} accepted, {summary.Rejected} rejected, {summary.Flagged} flagged{(summary.Open is { } open ? $", {open} open" : "")}.";
        if (summary.Stale > 0)
            yield return $"{Counted.Of(summary.Stale, "image")} labelled again or corrected since the review, and open again.";
        if (summary.Corrected > 0)
            yield return $"{Counted.Of(summary.Corrected, "image")} corrected; `sclip review {job.Id} --against corrections` measures the labels by them.";
        if (summary.CorrectedStale > 0)
            yield return $"{summary.CorrectedStale} of them labelled again since, with another result; the corrected masks still count.";
        if (summary.CorrectedUnused > 0)
            yield return $"{Counted.Of(summary.CorrectedUnused, "image")} corrected before the picture was another one, or without a mask by now; the machine's result counts.";
        if (summary.ByReviewer.Count > 0)
            yield return $"By reviewer: {string.Join(", ", summary.ByReviewer.Select(item => $"{Printable.Line(item.Key)} {item.Value}"))}.";
    }

    private async Task<int> ExportAsync(JobStores stores, JobDocument job, string output, ReviewDecision[]? decisions, bool isJson)
    {
        var export = await ReviewExport.WriteAsync(stores, job, output, decisions, _context.Stop);
        if (isJson)
            await _context.Output.WriteJsonAsync(export, CliJson.Default.ReviewExport);
        else
            await _context.Output.WriteLineAsync(
                $"{Counted.Of(export.Written, decisions?.Contains(ReviewDecision.None) == true ? "image" : "reviewed or corrected image")} written to {output}{(decisions is null ? "" : $"; {export.LeftOut} left out, not {string.Join(" or ", decisions.Select(DecisionNames.Of))}")}.");
        return ExitCodes.Done;
    }

    private async Task<int> WithdrawAsync(JobStores stores, JobDocument job, string image, bool isJson)
    {
        var corrections = new JobCorrections(stores);
        if (await corrections.FindAsync(job.Id, image, shard: null, _context.Stop) is not (var shard, { } correction))
            throw new UserException($"'{JobNames.Shown(image)}' of job {job.Id} is not corrected; `sclip review {job.Id} --export FILE` lists what is.");
        if (!await corrections.WithdrawAsync(job.Id, shard, image, correction.Sha256, _context.Stop))
            throw new UserException($"Somebody else corrected '{JobNames.Shown(image)}' again or took its correction back meanwhile: look at it first.");
        if (isJson)
            await _context.Output.WriteJsonAsync(correction, Json.Default.Correction);
        else
            await _context.Output.WriteLineAsync(
                $"The correction of '{JobNames.Shown(image)}' by {Printable.Line(correction.By)} is taken back, and the machine's mask counts again. It stays in the store as {JobNames.Folder(job.Id)}{JobNames.Shown(correction.Mask)}.");
        return ExitCodes.Done;
    }

    private async Task<int> MeasureAsync(JobStores stores, JobDocument job, bool isJson)
    {
        var measure = new CorrectionMeasure(stores, job);
        var failures = await measure.AddAllAsync(_context.TellFailure, _context.Stop);
        if (isJson)
            await _context.Output.WriteJsonAsync(CorrectionMeasures.Of(job, measure), CliJson.Default.CorrectionMeasures);
        else if (measure.Pictures.Count == 0)
            await _context.Error.WriteLineAsync($"warning: job {job.Id} has no corrected picture; `sclip import SRC --job {job.Id}` brings some in.");
        else
            foreach (var line in CorrectionFigures.Lines(job, measure))
                await _context.Output.WriteLineAsync(line);
        return failures > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
    }
}
