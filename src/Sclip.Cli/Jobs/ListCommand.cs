using System.CommandLine;
using Sclip.Cli.Completion;
using Sclip.Cli.Scripting;

namespace Sclip.Cli.Jobs;

/// <summary><c>sclip jobs</c>: lists jobs.</summary>
internal static class ListCommand
{
    public static Command Create(CliContext context)
    {
        var state = new Option<string?>("--state") { Description = "Only jobs in these states, with commas between." }.WithValues(JobFilter.StateNames);
        var search = new Option<string?>("--search") { Description = "Only jobs with this text in their name, id, input, model or the name of a class; capitals do not matter." };
        var limit = new Option<int?>("--limit") { Description = "Most jobs that are listed, the newest (default: all)." };
        var json = JsonOption.Create();
        var command = new Command("jobs", "List jobs, the newest first.") { state, search, limit, json };
        command.SetAction((parsed, _) => RunAsync(context, JobFilter.Parse(parsed.GetValue(state), parsed.GetValue(search), parsed.GetValue(limit)), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Lists the jobs that a filter takes.</summary>
    public static async Task<int> RunAsync(CliContext context, JobFilter filter, bool asJson)
    {
        await using var session = JobSession.Open();
        var listing = await new StoredJobs(session).ListAsync(filter, context.Stop);
        if (asJson)
        {
            await context.Output.WriteJsonAsync(listing, CliJson.Default.JobListing);
            return ExitCodes.Done;
        }
        JobList.Write(context, listing.Jobs);
        if (listing.HasMore)
            await context.Error.WriteLineAsync($"There are {(listing.Total is { } total ? $"{JobView.Number(total - listing.Jobs.Count)} more" : "more")}; --limit lists them.");
        return ExitCodes.Done;
    }
}
