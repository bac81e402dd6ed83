using System.CommandLine;
using Sclip.Cli.Scripting;
using Sclip.Contracts;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip results</c>: brings a job's masks and results down into a folder.</summary>
internal static class ResultsCommand
{
    public static Command Create(CliContext context)
    {
        var id = JobCommands.JobArgument();
        var output = new Option<string>("--out") { Description = "The folder that masks, overlays, scores, results.jsonl and labels.json go to.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace the results of another job, or of an earlier version, that are in the folder." };
        var features = new Option<bool>("--features") { Description = "Also bring kept features, which may be large; `sclip submit --features-of` labels them where they are." };
        var machine = new Option<bool>("--machine") { Description = "Bring the machine's masks also of pictures that were corrected (default: the corrected ones)." };
        var json = JsonOption.Create();
        var command = new Command("results", "Bring a job's masks and results down from the store. Run again, it brings what is new, or differs.") { id, output, features, machine, force, json };
        command.SetAction(async (parsed, _) =>
        {
            await using var session = JobSession.Open();
            var job = await session.FindAsync(parsed.GetRequiredValue(id), context.Stop);
            var outcome = await new ResultsRun(context, session.Stores, job, parsed.GetRequiredValue(output)).RunAsync(parsed.GetValue(force), parsed.GetValue(features), parsed.GetValue(machine));
            if (parsed.GetValue(json))
                await context.Output.WriteJsonAsync(outcome, CliJson.Default.ResultsOutcome);
            else
                await context.Output.WriteLineAsync(
                    $"{Counted.Of(outcome.Images, "result")} in {outcome.Results}{(outcome.NotLabelled > 0 ? $", {outcome.NotLabelled} of them of pictures that could not be labelled" : "")}{(outcome.Corrected > 0 ? $", {outcome.Corrected} of them with corrected masks" : "")}; {Counted.Of(outcome.Brought, "file")} brought{(outcome.Failed > 0 ? $", {outcome.Failed} failed" : "")}.");
            return outcome.Failed > 0 || outcome.NotLabelled > 0 || outcome.Unfinished is not null ? ExitCodes.SomeFailed : ExitCodes.Done;
        });
        return command;
    }
}
