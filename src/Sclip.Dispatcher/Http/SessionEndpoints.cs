using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sclip.Dashboard;

namespace Sclip.Dispatcher.Http;

/// <summary>Lets a browser in.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/session").WithTags("Session").ProducesProblem(StatusCodes.Status401Unauthorized);
        session.MapGet("", (HttpContext context, ApiKey key) => new SessionState(key.IsNeeded, key.Admits(context))).WithMetadata(new NeedsNoKey())
            .WithSummary("Tells whether a key is needed, and whether the caller is let in.");
        session.MapPost("", (HttpContext context, ApiKey key) =>
        {
            key.BeginSession(context);
            return TypedResults.NoContent();
        }).WithSummary($"Gives a browser that sends the key in {ServiceKey.Header} a cookie in its place, for twelve hours.");
        session.MapDelete("", (HttpContext context) =>
        {
            BrowserSession.End(context);
            return TypedResults.NoContent();
        }).WithSummary("Takes the cookie away.");
    }
}

/// <summary>How a caller stands.</summary>
/// <param name="KeyNeeded">Whether the service wants a key.</param>
/// <param name="Admitted">Whether the caller is let in.</param>
internal sealed record SessionState(bool KeyNeeded, bool Admitted);
