using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Formats;
using Sclip.Hosting.Messaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>The one place where exceptions become <c>application/problem+json</c>.</summary>
internal sealed partial class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    /// <summary>Bytes that a request may have.</summary>
    public const long LargestRequest = 64L << 20;

    private const string RetrySeconds = "10";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var (status, detail) = Describe(exception);
        if (status == StatusCodes.Status500InternalServerError)
            LogUnexpected(exception, httpContext.Request.Path);
        if (exception is JobRequestException { Fault: JobRequestFault.Busy })
            httpContext.Response.Headers.RetryAfter = RetrySeconds;
        await WriteAsync(httpContext, status, detail);
        return true;
    }

    /// <summary>Answers with a problem, whatever kinds of content the caller says it takes: one that asks for a mask reads this, too.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    /// <summary>Gives a body to the refusals that come from no endpoint.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        return WriteAsync(context.HttpContext, response.StatusCode, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {JobNames.Shown(request.Path)}; /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{JobNames.Shown(request.Path)} does not take {JobNames.Shown(request.Method)}; it takes {response.Headers.Allow}.",
            StatusCodes.Status413PayloadTooLarge => $"The body is too large; it may have {LargestRequest} bytes.",
            StatusCodes.Status415UnsupportedMediaType => "The body must be JSON, and its Content-Type application/json.",
            var status => $"The request was refused: {ReasonPhrases.GetReasonPhrase(status)}.",
        });
    }

    /// <summary>What is said of an exception; null where it is none that is expected.</summary>
    public static string? Known(Exception exception) => Describe(exception) is (not StatusCodes.Status500InternalServerError, var detail) ? detail : null;

    private static (int Status, string Detail) Describe(Exception exception) => exception switch
    {
        LabelSetException error => (StatusCodes.Status400BadRequest, error.Message),
        ExportException error => (StatusCodes.Status422UnprocessableEntity, error.Message),
        JobRequestException error => (StatusOf(error.Fault), error.Message),
        BlobStoreException { Fault: BlobStoreFault.Unavailable } error => (StatusCodes.Status503ServiceUnavailable, error.Message),
        BlobStoreException { Fault: BlobStoreFault.Missing } error => (StatusCodes.Status404NotFound, error.Message),
        BlobStoreException { Fault: BlobStoreFault.InvalidName } error => (StatusCodes.Status400BadRequest, error.Message),
        BlobStoreException error => (StatusCodes.Status403Forbidden, error.Message),
        JobDocumentException error => (StatusCodes.Status409Conflict, error.Message),
        CacheException error => (StatusCodes.Status503ServiceUnavailable, error.Message),
        BrokerException error => (StatusCodes.Status503ServiceUnavailable, error.Message),
        // Thrown by the reader of bodies as it finds no such encoding.
        InvalidOperationException { InnerException: ArgumentException } error when error.Message.Contains("charset", StringComparison.Ordinal) =>
            (StatusCodes.Status415UnsupportedMediaType, "The body must be JSON in UTF-8; its Content-Type names a charset that is not known."),
        BadHttpRequestException { InnerException: JsonException json } error => (error.StatusCode, $"The body cannot be used: {JsonFault.Describe(json)}"),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } error when error.Message.Contains("no body", StringComparison.Ordinal) =>
            (error.StatusCode, "The body is empty; it must be JSON, as /openapi/v1.json describes it."),
        BadHttpRequestException error => (error.StatusCode, AddressFault(error.Message) ?? error.Message),
        _ => (StatusCodes.Status500InternalServerError, "An unexpected error; the log of the dispatcher says more."),
    };

    /// <summary>What is wrong with a value in the address, in words of the address and not of the method behind it; null where it is something else.</summary>
    private static string? AddressFault(string message) => message switch
    {
        _ when Unbound().Match(message) is { Success: true, Groups: [_, var type, var key, var value] } =>
            $"{key.Value} must be {(type.Value.Contains("bool", StringComparison.OrdinalIgnoreCase) ? "true or false" : "a whole number")}; it is '{JobNames.Shown(value.Value)}'.",
        _ when Missing().Match(message) is { Success: true, Groups: [_, var key] } => $"{key.Value} is missing.",
        _ => null,
    };

    private static int StatusOf(JobRequestFault fault) => fault switch
    {
        JobRequestFault.NotFound => StatusCodes.Status404NotFound,
        JobRequestFault.Denied => StatusCodes.Status403Forbidden,
        JobRequestFault.Conflict => StatusCodes.Status409Conflict,
        JobRequestFault.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        JobRequestFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
        JobRequestFault.Busy => StatusCodes.Status503ServiceUnavailable,
        JobRequestFault.Unshowable => StatusCodes.Status422UnprocessableEntity,
        _ => StatusCodes.Status400BadRequest,
    };

    [GeneratedRegex("""^Failed to bind parameter "(\S+) (\w+)" from "(.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("""^Required parameter "\S+ (\w+)" was not provided from (?:query string|route)\.$""")]
    private static partial Regex Missing();

    [LoggerMessage(1, LogLevel.Error, "Request {Path} failed.")]
    private partial void LogUnexpected(Exception error, string path);
}
