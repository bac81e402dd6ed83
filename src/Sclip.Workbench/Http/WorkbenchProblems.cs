using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Sclip.Dashboard;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Workbench.Http;

/// <summary>The workbench's table of exceptions: the one place where they become <c>application/problem+json</c>.</summary>
internal sealed class WorkbenchProblems(ILogger<WorkbenchProblems> logger) : ProblemHandler(logger, Describe)
{
    /// <summary>Gives a body to the refusals that come from no endpoint.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context) =>
        WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, $"The request was refused: {ReasonPhrases.GetReasonPhrase(context.HttpContext.Response.StatusCode)}.");

    /// <summary>What an exception means to the caller.</summary>
    public static Problem Describe(Exception exception) => exception switch
    {
        WorkbenchException error => new(error.Status, error.Message),
        LabelSetException error => new(StatusCodes.Status400BadRequest, error.Message),
        SegmentationException error => new(StatusCodes.Status400BadRequest, error.Message),
        ImageDecodeException error => new(StatusCodes.Status422UnprocessableEntity, error.Message),
        BlobStoreException { Fault: BlobStoreFault.Unavailable } error => new(StatusCodes.Status503ServiceUnavailable, error.Message),
        BlobStoreException error => new(StatusCodes.Status404NotFound, error.Message),
        JobDocumentException error => new(StatusCodes.Status409Conflict, error.Message),
        BadHttpRequestException { InnerException: JsonException json } error => new(error.StatusCode, $"The body cannot be read: {JsonFault.Describe(json)}"),
        BadHttpRequestException error => new(error.StatusCode, error.Message),
        OperationCanceledException => new(StatusCodes.Status409Conflict, "The session has ended."),
        _ => Problem.Unexpected,
    };
}
