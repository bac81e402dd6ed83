using Sclip.Contracts;
using Sclip.Hosting.Telemetry;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>The last stage: a picture's outputs to the store, and its result.</summary>
internal sealed class UploadStage(IReadOnlyList<LabelClass> classes, IBlobStore output)
{
    public async Task<ImageResult> RunAsync(EncodedPicture encoded, CancellationToken cancellationToken)
    {
        var result = await WriteAsync(encoded, cancellationToken);
        SclipTelemetry.Images.Add(
            1, new KeyValuePair<string, object?>("sclip.status", result.Status == ImageStatus.Ok ? "ok" : "failed"), new KeyValuePair<string, object?>("sclip.reason", result.Reason ?? "none"));
        return result;
    }

    private async Task<ImageResult> WriteAsync(EncodedPicture encoded, CancellationToken cancellationToken)
    {
        var (segmented, picture) = (encoded.Segmented, encoded.Segmented.Picture);
        var reference = picture.Reference;
        // What was read, as its tag tells; with a time of change, size and time are of one look at the file, by which a later run knows it again.
        // One that is labelled by its features is not read, and is known by what was planned.
        var bytes = reference.Modified is null && picture is not { HasFeatures: true, Bytes: null } ? picture.Bytes : reference.Bytes;
        var described = new ImageResult
        {
            Image = reference.Name,
            Status = ImageStatus.Ok,
            InputBytes = bytes,
            InputModified = reference.Modified,
            InputETag = picture.ETag,
            FeaturesUnused = picture.FeaturesUnused,
        };
        if (segmented.Result is not { } result)
            return described with { Status = ImageStatus.Failed, Error = KeptFeatures.Failure(segmented.Failure!.Error, picture.FeaturesUnused), Reason = segmented.Failure.Reason };
        using var clock = new StageClock("upload", reference.Name);
        using var scores = segmented.Scores;
        try
        {
            // First, so that whatever comes of the rest, a result that names features has them.
            if (encoded.Features is { } features)
            {
                await output.WriteAsync(reference.FeaturesName, features, WriteCondition.None, cancellationToken);
                SclipTelemetry.FeaturesKept.Add(features.Length);
            }
            await output.WriteAsync(reference.MaskName, encoded.Mask!.Value, WriteCondition.None, cancellationToken);
            if (encoded.Overlay is { } overlay)
                await output.WriteAsync(reference.OverlayName, overlay, WriteCondition.None, cancellationToken);
            if (encoded.Doubt is { } doubt)
                await output.WriteAsync(reference.DoubtName, doubt, WriteCondition.None, cancellationToken);
            if (scores is not null)
                await output.WriteAsync(reference.ScoresName, scores.CopyToAsync, WriteCondition.None, cancellationToken);
        }
        catch (BlobStoreException error) when (error.InnerException is PathTooLongException)
        {
            // With the ending of an output, a name may be more than a file system takes; others may well be written.
            return described with { Status = ImageStatus.Failed, Error = error.Message, Reason = FailureReasons.Name };
        }
        return described with
        {
            Mask = reference.MaskName,
            Overlay = encoded.Overlay is null ? null : reference.OverlayName,
            Scores = scores is null ? null : reference.ScoresName,
            DoubtMap = encoded.Doubt is null ? null : reference.DoubtName,
            Features = encoded.Features is null ? null : reference.FeaturesName,
            Width = result.Width,
            Height = result.Height,
            Pixels = classes.Select((item, i) => (item.Name, Count: result.PixelCounts[i])).Where(item => item.Count > 0).ToDictionary(item => item.Name, item => item.Count),
            Doubt = Math.Round(result.Doubt, 6),
            ClassDoubt = classes.Select((item, i) => (item.Name, Index: i)).Where(item => result.PixelCounts[item.Index] > 0).ToDictionary(item => item.Name, item => Math.Round(result.ClassDoubts[item.Index], 6)),
            MeanConfidence = Math.Round(result.MeanConfidence, 6),
            Windows = picture.HasFeatures ? 0 : result.Windows,
            Timings = new ImageTimings(picture.FetchMilliseconds, picture.Milliseconds, segmented.Milliseconds, encoded.Milliseconds, clock.Milliseconds),
        };
    }
}
