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
        var command = new Command("jobs", "List jobs, the newest first: from the store, or by a dispatcher, which is faster where there are thousands.") { state, search, limit, json };
        var dispatcher = DispatcherOption.Create();
        command.Add(dispatcher);
        command.SetAction((parsed, _) => RunAsync(context, JobFilter.Parse(parsed.GetValue(state), parsed.GetValue(search), parsed.GetValue(limit)), parsed.GetValue(dispatcher), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Lists the jobs that a filter takes.</summary>
    /// <param name="context">Where they are listed.</param>
    /// <param name="filter">Which.</param>
    /// <param name="dispatcher">Address of the dispatcher that is asked; null reads them from the store.</param>
    /// <param name="asJson">Whether they are printed for programs.</param>
    public static async Task<int> RunAsync(CliContext context, JobFilter filter, string? dispatcher, bool asJson)
    {
        var listing = dispatcher is null ? await ReadAsync(filter, context.Stop) : await AskAsync(dispatcher, filter, context.Stop);
        if (!listing.Complete)
            await context.Error.WriteLineAsync("warning: the dispatcher is still reading which jobs there are; some may be missing.");
        if (asJson)
        {
            await context.Output.WriteJsonAsync(listing, CliJson.Default.JobListing);
            return ExitCodes.Done;
        }
        JobList.Write(context, filter, listing.Jobs);
        if (listing.HasMore)
            await context.Error.WriteLineAsync((listing.Total - listing.Jobs.Count) switch
            {
                1 => "There is 1 more; --limit lists it.",
                { } more => $"There are {JobView.Number(more)} more; --limit lists them.",
                null => "There are more; --limit lists them.",
            });
        return ExitCodes.Done;
    }

    private static async Task<JobListing> ReadAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        await using var session = JobSession.Open();
        return await new StoredJobs(session).ListAsync(filter, cancellationToken);
    }

    private static async Task<JobListing> AskAsync(string dispatcher, JobFilter filter, CancellationToken cancellationToken)
    {
        using var jobs = DispatcherOption.Open(dispatcher);
        return await jobs.ListAsync(filter, cancellationToken);
    }
}
