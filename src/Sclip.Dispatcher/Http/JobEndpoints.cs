using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sclip.Contracts;
using Sclip.Contracts.Board;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Estimating;
using Sclip.Dispatcher.Planning;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>Jobs over HTTP.</summary>
internal static class JobEndpoints
{
    private const int MostJobs = 1000;
    private const long LargestOutput = 1L << 30;
    private static readonly TimeSpan CountingPatience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(1);

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        jobs.MapPost("", SubmitAsync).WithSummary("Submits a job; the same request twice is the same job, and warnings tell what of the second is not in it.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        jobs.MapPost("/estimate", EstimateAsync).WithSummary("What a job would take: images, windows, time on the workers there are; refuses what a submit would refuse, and writes nothing.").ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        jobs.MapGet("", ListAsync).WithSummary("Lists jobs by id.");
        var job = jobs.MapGroup("/{id}").ProducesProblem(400).ProducesProblem(404);
        job.MapGet("", (string id, JobBoard board, CancellationToken token) => board.ReadAsync(id, token)).WithSummary("Tells where a job stands.");
        job.MapGet("/events", EventsAsync).WithSummary("Follows a job to its end: a server-sent event each time that something changed.");
        job.MapPost("/cancel", CancelAsync).WithSummary("Cancels a job; what is labelled stays.").ProducesProblem(409);
        job.MapPost("/retry", RetryAsync).WithSummary("Enqueues the shards without results again; with failed=true, also the images that failed.").ProducesProblem(409);
        job.MapPost("/priority", PrioritizeAsync).WithSummary("Changes a job's priority; its shards without results wait in the queue of the new one.").ProducesProblem(409);
        job.MapGet("/results", ResultsAsync).WithSummary("Streams the results so far, a JSON line an image.").Produces(200, contentType: "application/x-ndjson");
        job.MapGet("/masks/{**path}", (string id, string path, JobStores stores, JobControl control, CancellationToken token) => OutputAsync(id, "masks/" + path, "image/png", stores, control, token))
            .WithSummary("A mask, by its path in the results.").Produces(200, contentType: "image/png");
        job.MapGet("/overlays/{**path}", (string id, string path, JobStores stores, JobControl control, CancellationToken token) => OutputAsync(id, "overlays/" + path, "image/jpeg", stores, control, token))
            .WithSummary("An overlay, by its path in the results.").Produces(200, contentType: "image/jpeg");
        job.MapGet("/doubt/{**path}", (string id, string path, JobStores stores, JobControl control, CancellationToken token) => OutputAsync(id, "doubt/" + path, "image/png", stores, control, token))
            .WithSummary("A doubt map, by its path in the results.").Produces(200, contentType: "image/png");
        job.MapGet("/scores/{**path}", (string id, string path, JobStores stores, JobControl control, CancellationToken token) => OutputAsync(id, "scores/" + path, "application/octet-stream", stores, control, token))
            .WithSummary("Class scores, by their path in the results.").Produces(200, contentType: "application/octet-stream");
        job.MapGet("/features/{**path}", (string id, string path, JobStores stores, JobControl control, CancellationToken token) => OutputAsync(id, "features/" + path, "application/octet-stream", stores, control, token))
            .WithSummary("Kept features, by their path in the results.").Produces(200, contentType: "application/octet-stream");
        job.MapDownloads();
        job.MapGallery();
        job.MapReview();
    }

    private static async Task<Results<Accepted<JobStatus>, Ok<JobStatus>>> SubmitAsync(
        JobRequest request, JobSubmission submission, PlanningService planning, JobBoard board, JobNews news, CancellationToken cancellationToken)
    {
        var (job, isNew) = await submission.SubmitAsync(request, cancellationToken);
        planning.Enqueue(job);
        news.Tell(job.Id);
        var status = await board.ReadAsync(job.Id, cancellationToken);
        return isNew
            ? TypedResults.Accepted($"/jobs/{job.Id}", status)
            : TypedResults.Ok(status with { Warnings = [.. RepeatedRequest.Notes(job, request, isPlanned: status.Images is not null), .. status.Warnings] });
    }

    private static Task<JobEstimate> EstimateAsync(JobRequest request, JobEstimator estimator, WorkerBoard workers, DispatcherOptions options, CancellationToken cancellationToken) => estimator.EstimateAsync(
        request,
        device => Task.FromResult(FleetSpeed.Of(workers.Workers().Select(worker => (worker.State, worker.Devices, worker.WindowsPerSecond)), device)),
        (double?)options.PricePerWorkerHour,
        CountingPatience,
        cancellationToken);

    private static async Task<JobStatus[]> ListAsync(JobControl control, JobBoard board, CancellationToken cancellationToken, [FromQuery] string? after = null, [FromQuery] int limit = 100)
    {
        if (limit is < 1 or > MostJobs)
            throw new JobRequestException(JobRequestFault.Invalid, $"limit must lie in 1..{MostJobs}; it is {limit}.");
        return await control.ListAsync(after, id => board.ReadAsync(id, cancellationToken), cancellationToken).Take(limit).ToArrayAsync(cancellationToken);
    }

    private static async Task<ServerSentEventsResult<JobStatus>> EventsAsync(string id, JobBoard board, IHostApplicationLifetime host, CancellationToken cancellationToken)
    {
        // Asked once before the stream begins, so that an unknown job is a 404 and no empty stream.
        await board.ReadAsync(id, cancellationToken);
        return TypedResults.ServerSentEvents(FollowAsync(id, board, host.ApplicationStopping, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<JobStatus>> FollowAsync(string id, JobBoard board, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        // A service that ends does not wait for its listeners: they ask the next one.
        while (!stopping.IsCancellationRequested)
        {
            JobStatus? status = null;
            try
            {
                status = await board.ReadAsync(id, cancellationToken);
            }
            catch (JobRequestException)
            {
                // It is gone: who asks again is told so.
                yield break;
            }
            catch (BlobStoreException)
            {
                // What was told holds until the store answers again.
            }
            if (status is not null)
            {
                var shown = JsonSerializer.Serialize(status, Json.Default.JobStatus);
                if (shown != last)
                    yield return new SseItem<JobStatus>(status, "status");
                if (status.State.HasEnded())
                    yield break;
                last = shown;
            }
            await Task.Delay(EventInterval, stopping).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Task<JobStatus> CancelAsync(string id, JobActions actions, CancellationToken cancellationToken) => actions.CancelAsync(id, cancellationToken);

    private static Task<JobStatus> RetryAsync(string id, JobActions actions, CancellationToken cancellationToken, [FromQuery] bool failed = false) => actions.RetryAsync(id, failed, cancellationToken);

    private static Task<JobStatus> PrioritizeAsync(string id, PriorityRequest request, JobActions actions, CancellationToken cancellationToken) => actions.PrioritizeAsync(id, request.Priority, cancellationToken);

    private static async Task ResultsAsync(string id, JobStores stores, JobControl control, HttpResponse response, CancellationToken cancellationToken)
    {
        await control.FindAsync(id, cancellationToken);
        response.ContentType = "application/x-ndjson";
        await foreach (var shard in stores.Jobs.ListShardsAsync(JobNames.Results(id), cancellationToken))
            foreach (var result in await stores.Jobs.ReadResultAsync(id, shard, cancellationToken) ?? [])
                await response.WriteAsync(result.ToLine() + "\n", cancellationToken);
    }

    private static async Task<FileContentHttpResult> OutputAsync(string id, string name, string type, JobStores stores, JobControl control, CancellationToken cancellationToken)
    {
        var job = await control.FindAsync(id, cancellationToken);
        if (JobNames.Refusal(name) is { } refusal)
            throw new JobRequestException(JobRequestFault.Invalid, $"'{JobNames.Shown(name)}' is no output of a job: {refusal}");
        return TypedResults.File((await stores.Outputs(job).ReadAsync(name, LargestOutput, cancellationToken)).Bytes, type);
    }
}
