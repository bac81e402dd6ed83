using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Workbench.Http;

/// <summary>The one place where exceptions become <c>application/problem+json</c>.</summary>
internal sealed partial class WorkbenchProblems(ILogger<WorkbenchProblems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (status, detail) = Describe(exception);
        if (status == StatusCodes.Status500InternalServerError && exception is not WorkbenchException)
            LogUnexpected(exception, httpContext.Request.Path);
        await WriteAsync(httpContext, status, detail);
        return true;
    }

    /// <summary>Answers with a problem.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    /// <summary>Gives a body to the refusals that come from no endpoint.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context) =>
        WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, $"The request was refused: {ReasonPhrases.GetReasonPhrase(context.HttpContext.Response.StatusCode)}.");

    /// <summary>What an exception means to who asked.</summary>
    public static (int Status, string Detail) Describe(Exception exception) => exception switch
    {
        WorkbenchException error => (error.Status, error.Message),
        LabelSetException error => (StatusCodes.Status400BadRequest, error.Message),
        SegmentationException error => (StatusCodes.Status400BadRequest, error.Message),
        ImageDecodeException error => (StatusCodes.Status422UnprocessableEntity, error.Message),
        BlobStoreException { Fault: BlobStoreFault.Unavailable } error => (StatusCodes.Status503ServiceUnavailable, error.Message),
        BlobStoreException error => (StatusCodes.Status404NotFound, error.Message),
        JobDocumentException error => (StatusCodes.Status409Conflict, error.Message),
        BadHttpRequestException { InnerException: JsonException json } error => (error.StatusCode, $"The body cannot be read: {JsonFault.Describe(json)}"),
        BadHttpRequestException error => (error.StatusCode, error.Message),
        OperationCanceledException => (StatusCodes.Status409Conflict, "The session has ended."),
        _ => (StatusCodes.Status500InternalServerError, "An unexpected error; the log says more."),
    };

    [LoggerMessage(1, LogLevel.Error, "Request {Path} failed.")]
    private partial void LogUnexpected(Exception error, string path);
}
