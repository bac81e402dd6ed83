using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Downloads;
using Sclip.Dispatcher.Planning;

namespace Sclip.Dispatcher.Http;

/// <summary>What helps to make a job before it is submitted.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/previews", PreviewAsync).WithTags("Previews").WithSummary("Labels three of the images that a request would label, before all others; ends like a job, and is deleted after a day.")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        routes.MapGet("/choices", () => new JobChoices([.. DenseMethodNames.All.Where(name => !DenseMethodNames.ReadsFile(name))], [.. JobDownload.Formats.Select(format => new DownloadChoice(format.Name, format.Description))]))
            .WithTags("Previews").WithSummary("What a request may choose from, and the formats of downloads.").ProducesProblem(401);
    }

    private static async Task<Accepted<JobStatus>> PreviewAsync(
        JobRequest request, JobSubmission submission, PlanningService planning, JobBoard board, CancellationToken cancellationToken, [FromQuery] int sample = 0)
    {
        var (job, _) = await submission.PreviewAsync(request, sample, cancellationToken);
        planning.Enqueue(job);
        return TypedResults.Accepted($"/jobs/{job.Id}", await board.ReadAsync(job.Id, cancellationToken));
    }
}

/// <summary>What a request may choose from.</summary>
/// <param name="Methods">Dense methods, by their registered names.</param>
/// <param name="Downloads">Formats of downloads.</param>
internal sealed record JobChoices(IReadOnlyList<string> Methods, IReadOnlyList<DownloadChoice> Downloads);

/// <summary>A format of downloads.</summary>
/// <param name="Format">Its name.</param>
/// <param name="Description">What it is, in a line.</param>
internal sealed record DownloadChoice(string Format, string Description);
