using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Sclip.Contracts.Jobs;
using Sclip.Dashboard;
using Sclip.Dispatcher.Cache;
using Sclip.Formats;
using Sclip.Hosting.Messaging;
using Sclip.Labels;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>The dispatcher's table of exceptions: the one place where they become <c>application/problem+json</c>.</summary>
internal sealed partial class Problems(ILogger<Problems> logger) : ProblemHandler(logger, Describe)
{
    /// <summary>Bytes that a request may have.</summary>
    public const long LargestRequest = 64L << 20;

    private const int RetrySeconds = 10;

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
    public static string? Known(Exception exception) => Describe(exception) is var problem && problem != Problem.Unexpected ? problem.Detail : null;

    private static Problem Describe(Exception exception) => exception switch
    {
        LabelSetException error => new(StatusCodes.Status400BadRequest, error.Message),
        ExportException error => new(StatusCodes.Status422UnprocessableEntity, error.Message),
        JobRequestException error => new(StatusOf(error.Fault), error.Message) { RetryAfter = error.Fault == JobRequestFault.Busy ? RetrySeconds : null },
        BlobStoreException { Fault: BlobStoreFault.Unavailable } error => new(StatusCodes.Status503ServiceUnavailable, error.Message),
        BlobStoreException { Fault: BlobStoreFault.Missing } error => new(StatusCodes.Status404NotFound, error.Message),
        BlobStoreException { Fault: BlobStoreFault.InvalidName } error => new(StatusCodes.Status400BadRequest, error.Message),
        BlobStoreException error => new(StatusCodes.Status403Forbidden, error.Message),
        JobDocumentException error => new(StatusCodes.Status409Conflict, error.Message),
        CacheException error => new(StatusCodes.Status503ServiceUnavailable, error.Message),
        BrokerException error => new(StatusCodes.Status503ServiceUnavailable, error.Message),
        // Thrown by the reader of bodies as it finds no such encoding.
        InvalidOperationException { InnerException: ArgumentException } error when error.Message.Contains("charset", StringComparison.Ordinal) =>
            new(StatusCodes.Status415UnsupportedMediaType, "The body must be JSON in UTF-8; its Content-Type names a charset that is not known."),
        BadHttpRequestException { InnerException: JsonException json } error => new(error.StatusCode, $"The body cannot be used: {JsonFault.Describe(json)}"),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } error when error.Message.Contains("no body", StringComparison.Ordinal) =>
            new(error.StatusCode, "The body is empty; it must be JSON, as /openapi/v1.json describes it."),
        BadHttpRequestException error => new(error.StatusCode, AddressFault(error.Message) ?? error.Message),
        _ => Problem.Unexpected,
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
}
