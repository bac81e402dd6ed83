using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts.Places;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Places;

namespace Sclip.Dispatcher.Http;

/// <summary>Where images may be taken from, and put.</summary>
internal static class PlaceEndpoints
{
    private const string Caching = "private, max-age=60";

    public static void MapPlaces(this IEndpointRouteBuilder routes)
    {
        var places = routes.MapGroup("/places").WithTags("Places").ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
        places.MapGet("", (PlaceListing listing, CancellationToken token) => listing.ListAsync(token)).WithSummary("The containers of the account, and what an upload may be.");
        var place = places.MapGroup("/{container}").ProducesProblem(404);
        place.MapGet("", (string container, PlaceListing listing, CancellationToken token, [FromQuery] string prefix = "") => listing.LookAsync(container, prefix, token))
            .WithSummary($"What lies below a prefix in a container: folders, pictures (counted to {PlaceListing.MostImages}), the names of the first.");
        place.MapGet("/picture", PictureAsync).WithSummary("A picture in a container, small, by its name.").Produces(200, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        place.MapPut("/{**path}", PutAsync).WithSummary("Puts a picture into a container, which is created where it is missing; nothing is overwritten: one that is there with the same content is passed over.")
            .Accepts<byte[]>("application/octet-stream").ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
    }

    private static async Task<FileContentHttpResult> PictureAsync(
        string container, PlaceListing listing, Thumbnails thumbnails, HttpResponse response, CancellationToken cancellationToken, [FromQuery] string name, [FromQuery] int side = 320)
    {
        Thumbnails.CheckSide(side);
        var picture = await thumbnails.StoredAsync(listing.Open(container, name), container, name, side, cancellationToken);
        response.Headers.CacheControl = Caching;
        return TypedResults.File(picture, "image/jpeg");
    }

    private static async Task<Results<Created<UploadedPicture>, Ok<UploadedPicture>>> PutAsync(string container, string path, PictureUpload upload, HttpRequest request, CancellationToken cancellationToken)
    {
        // Counted while it is read, so that what is too large is told by its name.
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var picture = await upload.PutAsync(container, path, request.Body, request.ContentLength, cancellationToken);
        return picture.WasThere ? TypedResults.Ok(picture) : TypedResults.Created((string?)null, picture);
    }
}
