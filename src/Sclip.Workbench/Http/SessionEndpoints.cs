using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Sclip.Imaging;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Http;

/// <summary>Sessions over HTTP: what is there, how far they are, their pictures, and what the page keeps in them.</summary>
internal static class SessionEndpoints
{
    private const int MostStateBytes = 1 << 20;
    private const int JpegQuality = 85;
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (SessionStore store, IServiceProvider services) => new WorkbenchView(
            services.GetService<IJobSessions>() is not null,
            [.. store.All.Select(session => new SessionLine(session.Id, session.Setup.Title, session.Pictures.Count, session.Pictures.Count(picture => picture.Features is not null)))]));
        routes.MapPost("/sessions", BeginAsync);
        routes.MapGet("/sessions/{id}", (string id, SessionStore store) => SessionView.Of(store.Find(id), withState: true));
        routes.MapDelete("/sessions/{id}", EndAsync);
        routes.MapGet("/sessions/{id}/events", FollowAsync);
        routes.MapPut("/sessions/{id}/state", PutAsync);
        routes.MapGet("/sessions/{id}/pictures/{index:int}", PictureAsync);
    }

    private static IJobSessions Jobs(IServiceProvider services) =>
        services.GetService<IJobSessions>() ?? throw new WorkbenchException(StatusCodes.Status409Conflict, "This workbench has its pictures already, and takes no others: start another one.");

    private static async Task<IResult> BeginAsync(JobSample sample, IServiceProvider services, CancellationToken cancellationToken)
    {
        var session = await Jobs(services).BeginAsync(sample, cancellationToken);
        return TypedResults.Created($"sessions/{session.Id}", SessionView.Of(session, withState: true));
    }

    private static async Task<IResult> EndAsync(string id, SessionStore store, IServiceProvider services)
    {
        Jobs(services);
        await store.EndAsync(id);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> PutAsync(string id, SessionStore store, HttpRequest request, CancellationToken cancellationToken)
    {
        var session = store.Find(id);
        // Told before the body is read; what is longer ends with 413 while it is.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostStateBytes;
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        session.Put(SessionState.Parse(body.ToArray()) ?? throw new WorkbenchException(
            StatusCodes.Status400BadRequest, $"The state must be an object in JSON, no deeper than {SessionState.MostDepth}, each key once and all texts valid Unicode."));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> PictureAsync(string id, int index, SessionStore store, HttpResponse response, CancellationToken cancellationToken, [FromQuery] int side = 360)
    {
        MapFrame.CheckSide(side);
        var session = store.Find(id);
        var picture = session.Picture(index);
        var jpeg = await session.ShowAsync(picture, image => JpegEncoder.Encode(Thumbnail.Of(image, side), JpegQuality), cancellationToken);
        // Of one session it stays the same; other sessions have other addresses.
        response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.Bytes(jpeg, "image/jpeg");
    }

    private static async Task FollowAsync(string id, SessionStore store, IHostApplicationLifetime host, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, HttpContext context)
    {
        var session = store.Find(id);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping, session.Ended);
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            while (true)
            {
                var changed = session.NextChange();
                // Who looks at a computation has not gone.
                session.Touch();
                var view = SessionView.Of(session, withState: false);
                await response.Body.WriteAsync("event: session\ndata: "u8.ToArray(), end.Token);
                await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(view, json.Value.SerializerOptions), end.Token);
                await response.Body.WriteAsync("\n\n"u8.ToArray(), end.Token);
                await response.Body.FlushAsync(end.Token);
                if (view.IsSettled)
                    return;
                while (!await EndsAsync(changed, end.Token))
                {
                    session.Touch();
                    await response.Body.WriteAsync(": nothing new\n\n"u8.ToArray(), end.Token);
                    await response.Body.FlushAsync(end.Token);
                }
                await Task.Delay(EventInterval, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page has gone, or the session or the service ends: the stream does, too.
        }
    }

    private static async Task<bool> EndsAsync(Task task, CancellationToken cancellationToken)
    {
        await task.WaitAsync(KeepAlive, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }
}
