using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Downloads;
using Sclip.Dispatcher.Review;

namespace Sclip.Dispatcher.Http;

/// <summary>Results of a job as one file.</summary>
internal static partial class DownloadEndpoints
{
    public static void MapDownloads(this RouteGroupBuilder job) => job.MapGet("/download", DownloadAsync)
        .WithSummary($"The results as a zip file, as they are so far: format={JobDownload.Masks}, or a format of sclip export (GET /choices lists them). With reviewed=, as sclip export --reviewed has it, only images on which one of these decisions holds, with commas between. With check=true only whether that can be had: 204.")
        .Produces(200, contentType: "application/zip").Produces(204).ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task DownloadAsync(
        string id, JobControl control, JobDownload downloads, HttpContext context, ILogger<JobDownload> logger, CancellationToken cancellationToken, [FromQuery] string format = JobDownload.Masks,
        [FromQuery] string? reviewed = null, [FromQuery] bool check = false)
    {
        var decisions = reviewed is null ? null : DecisionNames.Parse("reviewed", reviewed);
        var (job, response) = (await control.FindAsync(id, cancellationToken), context.Response);
        if (check)
        {
            await downloads.CheckAsync(job, format, cancellationToken);
            await downloads.CheckRoomAsync(format, cancellationToken);
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        await using var download = await downloads.PrepareAsync(job, format, decisions, cancellationToken);
        response.ContentType = "application/zip";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{id}-{format}.zip" }.ToString();
        try
        {
            await download.WriteAsync(response.Body, cancellationToken);
        }
        catch (Exception error) when (response.HasStarted)
        {
            // Half a file must not pass for a whole one.
            context.Abort();
            if (!cancellationToken.IsCancellationRequested)
                LogBroken(logger, error, id, format);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The download of job {Job} as {Format} broke off.")]
    private static partial void LogBroken(ILogger logger, Exception error, string job, string format);
}
