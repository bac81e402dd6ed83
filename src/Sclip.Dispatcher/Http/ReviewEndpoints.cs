using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Control;
using Sclip.Dispatcher.Gallery;
using Sclip.Dispatcher.Review;
using Sclip.Storage;
using Sclip.Storage.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>What people think of a job's labels, and the masks that they correct.</summary>
internal static class ReviewEndpoints
{
    private const int ShardsAtOnce = 8;
    private const long LargestMask = 1L << 30;

    public static void MapReview(this RouteGroupBuilder job)
    {
        job.MapGet("/review", SummaryAsync).WithSummary("Tells how far the review of the job is.");
        job.MapPost("/review", DecideAsync).WithSummary($"Decides on up to {ReviewRequest.MostImages} images; one that was decided on since the revision that is named stays as it is, and the answer says so.");
        job.MapGet("/review/images", ImagesAsync).WithSummary("Streams the images that were reviewed or corrected, a JSON line an image.").Produces<ReviewedImage>(contentType: "application/x-ndjson");
        job.MapGet("/corrections/{**image}", ReadAsync).WithSummary("The corrected mask of an image; its ETag is the correction's tag.").Produces(200, contentType: "image/png");
        job.MapDelete("/corrections/{**image}", WithdrawAsync).Produces(204).ProducesProblem(412)
            .WithSummary("Takes the correction of an image back, so that the machine's mask counts again: If-Match: \"TAG\" only that one, If-Match: * whichever there is.");
        job.MapPut("/corrections/{**image}", WriteAsync).ProducesProblem(412)
            .WithSummary("Takes a corrected mask, a PNG of the job's class indices as large as the image, beside the machine's. If-None-Match: * takes it only as the first, If-Match: \"TAG\" only in place of that correction.");
    }

    private static async Task<ReviewSummary> SummaryAsync(string id, JobControl control, ReviewTallies tallies, CancellationToken cancellationToken)
    {
        await control.FindAsync(id, cancellationToken);
        return await tallies.ReadAsync(id, cancellationToken);
    }

    private static async Task<ReviewOutcome[]> DecideAsync(string id, ReviewRequest request, JobControl control, JobReviews reviews, JobGallery gallery, CancellationToken cancellationToken)
    {
        Check(request);
        var job = await control.FindAsync(id, cancellationToken);
        var outcomes = new ReviewOutcome[request.Images.Count];
        var shards = request.Images.Index().GroupBy(item => item.Item.Shard, item => item.Index);
        await Parallel.ForEachAsync(shards, new ParallelOptions { MaxDegreeOfParallelism = ShardsAtOnce, CancellationToken = cancellationToken }, async (places, token) =>
        {
            foreach (var (place, outcome) in places.Zip(await reviews.WriteAsync(id, places.Key, request, token)))
                outcomes[place] = outcome;
        });
        // Shards that only the request knows of leave no trace.
        await gallery.TakeMarksAsync(job, [.. request.Images.Zip(outcomes).Where(item => item.Second.Ok).Select(item => item.First.Shard).Distinct()], cancellationToken);
        return outcomes;
    }

    private static async Task ImagesAsync(string id, JobControl control, ReviewedImages images, HttpResponse response, CancellationToken cancellationToken)
    {
        await control.FindAsync(id, cancellationToken);
        response.ContentType = "application/x-ndjson";
        await foreach (var image in images.ReadAsync(id, cancellationToken))
            await response.WriteAsync(image.ToLine() + "\n", cancellationToken);
    }

    private static async Task<FileContentHttpResult> ReadAsync(
        string id, string image, JobControl control, JobStores stores, CorrectionStore corrections, HttpResponse response, CancellationToken cancellationToken, [FromQuery] int? shard = null)
    {
        CheckShard(shard);
        var job = await control.FindAsync(id, cancellationToken);
        var (_, correction) = await corrections.FindAsync(id, image, shard, cancellationToken);
        // The next correction has the same address.
        response.Headers.CacheControl = "private, no-cache";
        return TypedResults.File((await stores.Outputs(job).ReadAsync(correction.Mask, LargestMask, cancellationToken)).Bytes, "image/png", entityTag: Tag(correction));
    }

    private static async Task<Correction> WriteAsync(
        string id, string image, JobControl control, CorrectionStore corrections, HttpContext context, CancellationToken cancellationToken, [FromQuery] string by = "", [FromQuery] int? shard = null)
    {
        CheckName("by", by);
        CheckShard(shard);
        var condition = Condition(context.Request);
        var job = await control.FindAsync(id, cancellationToken);
        var correction = await corrections.WriteAsync(job, image, shard, context.Request.Body, by, condition, cancellationToken);
        context.Response.GetTypedHeaders().ETag = Tag(correction);
        return correction;
    }

    private static async Task<NoContent> WithdrawAsync(
        string id, string image, JobControl control, CorrectionStore corrections, HttpRequest request, CancellationToken cancellationToken, [FromQuery] int? shard = null)
    {
        CheckShard(shard);
        var condition = request.Headers.IfMatch.ToString() is "*" && request.Headers.IfNoneMatch.Count == 0 ? WriteCondition.None : Condition(request);
        if (condition.IfMatches is null && request.Headers.IfMatch.ToString() is not "*")
            throw Invalid("""A correction is taken back by its tag, If-Match: "TAG", or whichever there is, If-Match: *.""");
        await corrections.WithdrawAsync(await control.FindAsync(id, cancellationToken), image, shard, condition, cancellationToken);
        return TypedResults.NoContent();
    }

    private static EntityTagHeaderValue Tag(Correction correction) => new($"\"{correction.Sha256}\"");

    private static WriteCondition Condition(HttpRequest request)
    {
        var (matches, others) = (request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString());
        return (matches, others) switch
        {
            ("", "") => WriteCondition.None,
            ("", "*") => WriteCondition.Missing,
            ([_, _, _, ..], "") when EntityTagHeaderValue.TryParse(matches, out var tag) && !tag.IsWeak && tag.Tag != "*" => WriteCondition.Matches(tag.Tag.ToString().Trim('"')),
            _ => throw Invalid("""A correction takes If-None-Match: * or If-Match: "TAG", the tag of one correction, or neither."""),
        };
    }

    private static void Check(ReviewRequest request)
    {
        CheckName("reviewer", request.Reviewer);
        if (request.Note is { Length: > ReviewRequest.LongestNote })
            throw Invalid($"note may have {ReviewRequest.LongestNote} characters; it has {request.Note.Length}.");
        if (request.Images.Count is < 1 or > ReviewRequest.MostImages)
            throw Invalid($"images must name 1 to {ReviewRequest.MostImages}; it names {request.Images.Count}.");
        foreach (var target in request.Images)
            if (target is null)
                throw Invalid("images must not hold null.");
            else if (target.Shard < 0 || target.Revision < 0)
                throw Invalid($"shard and revision of '{JobNames.Shown(target.Image)}' must be 0 or more; they are {target.Shard} and {target.Revision}.");
    }

    private static void CheckShard(int? shard)
    {
        if (shard < 0)
            throw Invalid($"shard must be 0 or more; it is {shard}.");
    }

    private static void CheckName(string key, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > ReviewRequest.LongestReviewer || name.EnumerateRunes().Any(Rune.IsControl))
            throw Invalid($"{key} must be a name of 1 to {ReviewRequest.LongestReviewer} characters, none of them a control character.");
    }

    private static JobRequestException Invalid(string message) => new(JobRequestFault.Invalid, message);
}
