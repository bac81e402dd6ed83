using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Http;

/// <summary>Labelling over HTTP: masks as one types, what competes at a pixel, what is like it.</summary>
internal static class LabelEndpoints
{
    private const string Bytes = "application/octet-stream";

    public static void MapLabelling(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{id}/label", (string id, LabelRequest request, SessionStore store, HttpContext context) =>
            WriteAsync(context, token => LiveLabelling.LabelAsync(store.Find(id), request, token))).Measured("label");
        routes.MapPost("/sessions/{id}/heat", (string id, HeatRequest request, SessionStore store, HttpContext context) =>
            WriteAsync(context, token => PixelInspection.HeatAsync(store.Find(id), request, token))).Measured("heat");
        routes.MapPost("/sessions/{id}/pixel", (string id, PixelRequest request, SessionStore store, CancellationToken cancellationToken) =>
        {
            var session = store.Find(id);
            return PixelInspection.InspectAsync(session, request, session.Judge.TruthAt, cancellationToken);
        }).Measured("pixel");
    }

    private static async Task WriteAsync(HttpContext context, Func<CancellationToken, Task<MapFrame>> make)
    {
        var frame = await make(context.RequestAborted);
        context.Response.ContentType = Bytes;
        await frame.WriteAsync(context.Response.Body, context.RequestAborted);
    }
}
