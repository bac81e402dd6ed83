using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Planning;
using Sclip.Imaging;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>The images of a job, with their masks and results.</summary>
internal static class GalleryEndpoints
{
    // Images and masks hardly ever change; a retry may change a mask.
    private const string Caching = "private, max-age=300";

    /// <summary>The tag of the picture that a small one is of, to be compared with its result's.</summary>
    private const string Version = "X-Input-ETag";

    public static void MapGallery(this RouteGroupBuilder job)
    {
        job.MapGet("/document", DocumentAsync).WithSummary("The job as it was submitted, each class with its colour.");
        job.MapGet("/list", ListAsync).WithSummary("The names of images that the job was submitted with, where they were given as a list.");
        job.MapGet("/images", ImagesAsync).WithSummary("Images of the job, by class, end, words of the failure, part of the name and review; in order, by name, most in doubt first, least confident first, or largest share of the class first; in these three, those that failed come last. The page at an offset, the one that holds the image at, or the one that begins with the image from, or where that would stand had nobody reviewed it.");
        var thumbnails = job.MapGroup("/thumbnails").ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        thumbnails.MapGet("/picture", PictureAsync).Produces(200, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary($"A picture of the job, small, by its name, as it is in the store now: {Version} has the tag of that version, and where etag is another one (the input_etag of the result), the answer is 409.");
        thumbnails.MapGet("/mask", MaskAsync).WithSummary("A mask of the job, small, by its name in the results; in the colours of its classes, or with places=true in a colour for each class's place among them: #000003 for the fourth.").Produces(200, contentType: "image/png");
    }

    private static async Task<JobDocument> DocumentAsync(string id, JobControl control, CancellationToken cancellationToken)
    {
        var job = await control.FindAsync(id, cancellationToken);
        return job with { Labels = [.. job.Labels.Zip(Palette.Of(job.Labels), (label, color) => label with { Color = color })] };
    }

    private static async Task<string[]> ListAsync(string id, JobControl control, JobImages images, CancellationToken cancellationToken)
    {
        var job = await control.FindAsync(id, cancellationToken);
        return job.Input.Listed
            ? await images.StreamAsync(job, after: null, rest: null, cancellationToken).Select(image => image.Name).ToArrayAsync(cancellationToken)
            : throw new JobRequestException(JobRequestFault.NotFound, $"Job {id} was submitted without a list: its images are those below {job.Input.Container}/{JobNames.Shown(job.Input.Prefix)}.");
    }

    private static async Task<ImagePage> ImagesAsync(
        string id, JobControl control, JobGallery gallery, CancellationToken cancellationToken, [FromQuery(Name = "class")] string? name = null, [FromQuery] string? status = null,
        [FromQuery] string? error = null, [FromQuery] string? search = null, [FromQuery] string? review = null, [FromQuery] string? order = null, [FromQuery] string? at = null,
        [FromQuery] string? from = null, [FromQuery] long? offset = null, [FromQuery] int limit = 60)
    {
        var query = new GalleryQuery
        {
            Class = name,
            Status = OneOf<ImageStatus>("status", status),
            Error = error,
            Search = search is "" ? null : search,
            Review = OneOf<ReviewFilter>("review", review),
            Order = OneOf<ImageOrder>("order", order) ?? ImageOrder.Shard,
            At = at,
            From = from,
            Offset = offset ?? 0,
            Limit = limit,
        };
        if (limit is < 1 or > GalleryQuery.MostImages)
            throw Invalid($"limit must lie in 1..{GalleryQuery.MostImages}; it is {limit}.");
        if (offset is < 0 or > int.MaxValue)
            throw Invalid($"offset must lie in 0..{int.MaxValue}; it is {offset}.");
        if (new object?[] { at, from, offset }.Count(place => place is not null) > 1)
            throw Invalid("at and from, an image's name, find a page by that image, and offset by a number: only one of them may be given.");
        if (query is { Order: ImageOrder.Share, Class: null })
            throw Invalid("order=share needs a class.");
        var job = await control.FindAsync(id, cancellationToken);
        if (name is not null && job.Labels.All(label => label.Name != name))
            throw Invalid($"Job {id} has no class '{JobNames.Shown(name)}'.");
        return await gallery.FindAsync(job, query, cancellationToken);
    }

    private static async Task<FileContentHttpResult> PictureAsync(
        string id, JobControl control, Thumbnails thumbnails, HttpResponse response, CancellationToken cancellationToken, [FromQuery] string name, [FromQuery] int side = 320, [FromQuery] string? etag = null)
    {
        Thumbnails.CheckSide(side);
        var (picture, version) = await thumbnails.PictureAsync(await control.FindAsync(id, cancellationToken), name, etag, side, cancellationToken);
        response.Headers.CacheControl = Caching;
        response.Headers[Version] = version;
        return TypedResults.File(picture, "image/jpeg");
    }

    private static async Task<FileContentHttpResult> MaskAsync(
        string id, JobControl control, Thumbnails thumbnails, HttpResponse response, CancellationToken cancellationToken, [FromQuery] string name, [FromQuery] int side = 320, [FromQuery] bool places = false)
    {
        Thumbnails.CheckSide(side);
        var mask = await thumbnails.MaskAsync(await control.FindAsync(id, cancellationToken), name, side, places, cancellationToken);
        response.Headers.CacheControl = Caching;
        return TypedResults.File(mask, "image/png");
    }

    private static T? OneOf<T>(string key, string? value)
        where T : struct, Enum => value is null ? null : QueryValues.OneOf<T>(key, value);

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
