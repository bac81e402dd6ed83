using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sclip.Dashboard;
using Sclip.Workbench.Judging;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Http;

/// <summary>Judging over HTTP: wishes and ground truth as one types, and suggestions, told line by line as they are sought.</summary>
internal static partial class JudgeEndpoints
{
    private const string Lines = "application/x-ndjson";

    public static void MapJudging(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{id}/judge", (string id, JudgeRequest request, SessionStore store, CancellationToken cancellationToken) =>
            store.Find(id).Judge.JudgeAsync(request, cancellationToken)).Measured("judge");
        routes.MapPost("/sessions/{id}/suggest", SuggestAsync).Measured("suggest");
    }

    private static async Task SuggestAsync(string id, SuggestRequest request, SessionStore store, IHostApplicationLifetime host, HttpContext context, IOptions<JsonOptions> json, ILogger<SessionJudge> logger)
    {
        // What is refused is refused before the first line.
        var seek = store.Find(id).Judge.Suggest(request);
        context.Response.ContentType = Lines;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Names may be left to embed for minutes: who ends the service does not wait for them.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        SuggestLine last;
        try
        {
            last = await seek(TellAsync, end.Token);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            var problem = WorkbenchProblems.Describe(error);
            if (problem == Problem.Unexpected)
                LogUnexpected(logger, error);
            last = new SuggestLine { Error = problem.Detail };
        }
        catch (OperationCanceledException)
        {
            // The page has gone.
            return;
        }
        await TellAsync(last);

        async Task TellAsync(SuggestLine line)
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, line, json.Value.SerializerOptions, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Suggestions failed.")]
    private static partial void LogUnexpected(ILogger logger, Exception error);
}
