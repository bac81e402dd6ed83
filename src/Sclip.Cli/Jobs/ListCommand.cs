using System.CommandLine;
using Sclip.Cli.Completion;
using Sclip.Cli.Scripting;
using Sclip.Contracts.Jobs;

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
        var dispatcher = CreateDispatcherOption();
        command.Add(dispatcher);
        command.SetAction((parsed, _) => RunAsync(context, JobFilter.Parse(parsed.GetValue(state), parsed.GetValue(search), parsed.GetValue(limit)), parsed.GetValue(dispatcher), parsed.GetValue(json)));
        return command;
    }

    /// <summary>The option that names a dispatcher to ask.</summary>
    public static Option<string?> CreateDispatcherOption() => new("--dispatcher")
    {
        Description = $"Address of a dispatcher that is asked in place of the store, such as http://127.0.0.1:8080 (default: SCLIP_DISPATCHER_URL); its key is that of {DispatchedJobs.KeyVariable}.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SCLIP_DISPATCHER_URL") is { Length: > 0 } address ? address : null,
    };

    /// <summary>Lists the jobs that a filter takes.</summary>
    /// <param name="context">Where they are listed.</param>
    /// <param name="filter">Which.</param>
    /// <param name="dispatcher">Address of the dispatcher that is asked; null reads them from the store.</param>
    /// <param name="asJson">Whether they are printed for programs.</param>
    public static async Task<int> RunAsync(CliContext context, JobFilter filter, string? dispatcher, bool asJson)
    {
        var listing = dispatcher is null ? await ReadAsync(filter, context.Stop) : await Dispatched(dispatcher).ListAsync(filter, context.Stop);
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

    /// <summary>The jobs of a dispatcher, by its address and the key in the environment.</summary>
    /// <exception cref="UserException">It is no address.</exception>
    public static DispatchedJobs Dispatched(string dispatcher) => new(AddressOf(dispatcher), Environment.GetEnvironmentVariable(DispatchedJobs.KeyVariable));

    private static async Task<JobListing> ReadAsync(JobFilter filter, CancellationToken cancellationToken)
    {
        await using var session = JobSession.Open();
        return await new StoredJobs(session).ListAsync(filter, cancellationToken);
    }

    private static Uri AddressOf(string dispatcher) => Uri.TryCreate(dispatcher.TrimEnd('/') + "/", UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
        ? address
        : throw new UserException($"--dispatcher must be an address such as http://127.0.0.1:8080; it is '{JobNames.Shown(dispatcher)}'.");
}
