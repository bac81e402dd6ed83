using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sclip.Contracts.Board;
using Sclip.Dispatcher.Board;

namespace Sclip.Dispatcher.Http;

/// <summary>The overview over HTTP.</summary>
internal static class BoardEndpoints
{
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static void MapBoard(this IEndpointRouteBuilder routes)
    {
        var board = routes.MapGroup("").WithTags("Overview").ProducesProblem(StatusCodes.Status401Unauthorized);
        board.MapGet("/overview", (BoardService service, CancellationToken token) => service.ReadAsync(token)).WithSummary("Tells what jobs, workers and queues do.");
        board.MapGet("/events", FollowAsync).WithSummary("Follows the overview: a server-sent event `overview` at once, and each time that something changed.")
            .Produces<Overview>(contentType: "text/event-stream");
    }

    private static async Task FollowAsync(BoardService board, IHostApplicationLifetime host, HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var watch = board.Watch();
        try
        {
            for (var sent = -1L; ;)
            {
                var view = await board.NextAsync(sent, KeepAlive, end.Token);
                if (view.Number == sent)
                    await response.Body.WriteAsync(": nothing new\n\n"u8.ToArray(), end.Token);
                else
                    await WriteAsync(response.Body, view, end.Token);
                await response.Body.FlushAsync(end.Token);
                sent = view.Number;
                await Task.Delay(EventInterval, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the service ends: the stream does, too.
        }
    }

    private static async Task WriteAsync(Stream body, BoardView view, CancellationToken cancellationToken)
    {
        await body.WriteAsync("event: overview\ndata: "u8.ToArray(), cancellationToken);
        await body.WriteAsync(view.Line, cancellationToken);
        await body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
    }
}
