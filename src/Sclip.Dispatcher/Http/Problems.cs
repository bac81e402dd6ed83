using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>The one place where exceptions become <c>application/problem+json</c>.</summary>
internal sealed partial class Problems(IProblemDetailsService service, ILogger<Problems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (status, detail) = Describe(exception);
        if (status == StatusCodes.Status500InternalServerError)
            LogUnexpected(exception, httpContext.Request.Path);
        httpContext.Response.StatusCode = status;
        return await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = new ProblemDetails { Status = status, Detail = detail } });
    }

    private static (int Status, string Detail) Describe(Exception exception) => exception switch
    {
        JobRequestException error => (StatusOf(error.Fault), error.Message),
        BlobStoreException { Fault: BlobStoreFault.Unavailable } error => (StatusCodes.Status503ServiceUnavailable, error.Message),
        BlobStoreException { Fault: BlobStoreFault.Missing } error => (StatusCodes.Status404NotFound, error.Message),
        BlobStoreException { Fault: BlobStoreFault.InvalidName } error => (StatusCodes.Status400BadRequest, error.Message),
        BlobStoreException error => (StatusCodes.Status403Forbidden, error.Message),
        JobDocumentException error => (StatusCodes.Status409Conflict, error.Message),
        BadHttpRequestException { InnerException: JsonException json } error => (error.StatusCode, $"The body is no job request: {JobNames.Shown(json.Message)}"),
        BadHttpRequestException error => (error.StatusCode, error.Message),
        _ => (StatusCodes.Status500InternalServerError, "An unexpected error; the log of the dispatcher says more."),
    };

    private static int StatusOf(JobRequestFault fault) => fault switch
    {
        JobRequestFault.NotFound => StatusCodes.Status404NotFound,
        JobRequestFault.Denied => StatusCodes.Status403Forbidden,
        JobRequestFault.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status400BadRequest,
    };

    [LoggerMessage(1, LogLevel.Error, "Request {Path} failed.")]
    private partial void LogUnexpected(Exception error, string path);
}
