using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sclip.Dashboard;

/// <summary>Makes exceptions <c>application/problem+json</c>, by a service's own table of them.</summary>
/// <param name="logger">Told of exceptions that the table does not know.</param>
/// <param name="describe">The table; <see cref="Problem.Unexpected"/> for what is not in it.</param>
public abstract partial class ProblemHandler(ILogger logger, Func<Exception, Problem> describe) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var problem = describe(exception);
        if (problem == Problem.Unexpected)
            LogUnexpected(exception, httpContext.Request.Path);
        if (problem.RetryAfter is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await WriteAsync(httpContext, problem.Status, problem.Detail);
        return true;
    }

    /// <summary>Answers with a problem, whatever kinds of content the caller says it takes: one that asks for a mask reads this, too.</summary>
    public static Task WriteAsync(HttpContext context, int status, string detail) => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);

    [LoggerMessage(1, LogLevel.Error, "Request {Path} failed.")]
    private partial void LogUnexpected(Exception error, string path);
}
