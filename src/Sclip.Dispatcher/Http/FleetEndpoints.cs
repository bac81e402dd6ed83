using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;

namespace Sclip.Dispatcher.Http;

/// <summary>All jobs and workers over HTTP: sums, pages, and what is done to several at once.</summary>
internal static class FleetEndpoints
{
    private const int ActionsAtOnce = 8;

    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        var fleet = routes.MapGroup("/fleet").WithTags("Fleet").ProducesProblem(StatusCodes.Status401Unauthorized);
        fleet.MapGet("", (BoardService board, CancellationToken token) => board.SumAsync(token)).WithSummary("Tells the sums over all jobs and workers.");
        fleet.MapGet("/workers", (WorkerBoard workers) => workers.Workers()).WithSummary("The workers that are there.");
        fleet.MapGet("/workers/{name}", Worker).ProducesProblem(404).WithSummary("What a worker has reported in the last hours: its state, memory, errors, rates and shards.");
        var jobs = fleet.MapGroup("/jobs").ProducesProblem(400);
        jobs.MapGet("", FindAsync).WithSummary(
            "Finds jobs: search looks in name, id, input, model and class names, state takes several between commas, since and until are times of the submit; sorted by created, name, state, progress, failed, images, priority or completed.");
        jobs.MapPost("/cancel", (JobsRequest request, JobActions actions, CancellationToken token) => EachAsync(request.Ids, actions.CancelAsync, token))
            .WithSummary("Cancels several jobs; tells of each what became of it.");
        jobs.MapPost("/retry", (RetryRequest request, JobActions actions, CancellationToken token) => EachAsync(request.Ids, (id, cancel) => actions.RetryAsync(id, request.Failed, cancel), token))
            .WithSummary("Enqueues the shards of several jobs that have no results; with failed, also the images that failed.");
        jobs.MapPost("/priority", (PrioritiesRequest request, JobActions actions, CancellationToken token) => EachAsync(request.Ids, (id, cancel) => actions.PrioritizeAsync(id, request.Priority, cancel), token))
            .WithSummary("Changes the priority of several jobs.");
    }

    private static Task<JobPage> FindAsync(
        BoardService board, CancellationToken cancellationToken, [FromQuery] string? search = null, [FromQuery] string? state = null, [FromQuery] string? priority = null, [FromQuery] bool? failures = null,
        [FromQuery] string? failure = null, [FromQuery] string? since = null, [FromQuery] string? until = null, [FromQuery] string? sort = null, [FromQuery] bool? descending = null, [FromQuery] int offset = 0,
        [FromQuery] int limit = 100) =>
        board.FindAsync(JobQueryText.Read(search, state, priority, failures, failure, since, until, sort, descending, offset, limit), cancellationToken);

    private static WorkerDetail Worker(string name, WorkerBoard workers) => workers.Find(name)
        ?? throw new JobRequestException(JobRequestFault.NotFound, $"No worker '{JobNames.Shown(name)}' has reported in the last hours, or since this dispatcher started; /fleet/workers has those that are there.");

    /// <summary>Does something for each of several jobs; one that cannot be done leaves the others as they are.</summary>
    private static async Task<JobOutcome[]> EachAsync(IReadOnlyList<string> ids, Func<string, CancellationToken, Task<JobStatus>> action, CancellationToken cancellationToken)
    {
        if (ids.Count is 0 or > JobsRequest.MostJobs)
            throw new JobRequestException(JobRequestFault.Invalid, $"ids must be 1 to {JobsRequest.MostJobs} jobs; there are {ids.Count}.");
        if (ids.Contains(null!))
            throw new JobRequestException(JobRequestFault.Invalid, "ids must not hold null.");
        if (ids.CountBy(id => id).FirstOrDefault(id => id.Value > 1) is { Key: { } twice })
            throw new JobRequestException(JobRequestFault.Invalid, $"ids names '{JobNames.Shown(twice)}' more than once.");
        var outcomes = new JobOutcome[ids.Count];
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = ActionsAtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                outcomes[i] = new JobOutcome { Id = ids[i], Ok = true, Status = await action(ids[i], token) };
            }
            catch (Exception error) when (Problems.Known(error) is { } problem)
            {
                outcomes[i] = new JobOutcome { Id = ids[i], Ok = false, Problem = problem };
            }
        });
        return outcomes;
    }
}
