using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Hosting.Telemetry;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>The middle stage: groups of pictures through the engine, so that their windows share forward passes. Kept features are labelled picture by picture: they have none.</summary>
internal sealed class SegmentStage(ISegmenter segmenter, LabelEmbeddings labels, KeptFeatures? kept, PipelineOptions options)
{
    /// <summary>Labels a group; where the engine refuses it, picture by picture, so that only the guilty one fails.</summary>
    public IReadOnlyList<SegmentedPicture> Run(IReadOnlyList<DecodedPicture> group, CancellationToken cancellationToken)
    {
        var good = group.Where(picture => picture.Failure is null).ToLookup(picture => picture.HasFeatures);
        var segmented = (good[false].Any() ? Segment([.. good[false]], cancellationToken) : []).Concat(good[true].SelectMany(picture => Segment([picture], cancellationToken)))
            .ToDictionary(item => item.Picture);
        foreach (var picture in group)
            picture.DropInput();
        return [.. group.Select(picture => segmented.TryGetValue(picture, out var item) ? item : new SegmentedPicture(picture, null, null, null, picture.Failure, 0))];
    }

    private SegmentedPicture[] Segment(DecodedPicture[] pictures, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var began = DateTimeOffset.UtcNow;
        var scores = new List<ScoreFile?>();
        try
        {
            foreach (var picture in pictures)
                scores.Add(options.Scores ? new ScoreFile(labels.ClassCount, picture.Height, picture.Width) : null);
            var writers = pictures.Select(picture => picture.HasFeatures ? null : kept?.Writer(picture.Reference.Name, picture.FileHash, (picture.Width, picture.Height), picture.ModelSize)).ToArray();
            var inputs = pictures.Select((picture, i) => picture.ToInput(scores[i], options.Doubt, writers[i])).ToArray();
            var results = pictures is [{ Features: { } features }]
                ? [kept!.Label(features, inputs[0], labels, cancellationToken)]
                : segmenter.Segment(inputs, labels, options.Segmentation, cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / pictures.Length;
            Report(pictures, began, seconds, results);
            return [.. pictures.Select((picture, i) => new SegmentedPicture(picture, results[i], scores[i], writers[i], null, Math.Round(seconds * 1000, 1)))];
        }
        catch (Exception error)
        {
            foreach (var file in scores)
                file?.Dispose();
            if (error is not (SegmentationException or OutOfMemoryException or IOException))
                throw;
            if (pictures.Length > 1)
                return [.. pictures.SelectMany(picture => Segment([picture], cancellationToken))];
            var failure = error is OutOfMemoryException
                ? new PictureFailure(FailureReasons.Memory, "there is not enough memory to label the picture.")
                : new PictureFailure(FailureReasons.Refused, error.Message);
            return [new SegmentedPicture(pictures[0], null, null, null, failure, Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1))];
        }
    }

    /// <summary>Pictures of a group share one call: each has a span over all of it, and its share of the time.</summary>
    private static void Report(DecodedPicture[] pictures, DateTimeOffset began, double seconds, IReadOnlyList<SegmentationResult> results)
    {
        if (pictures is not [{ HasFeatures: true }])
        {
            SclipTelemetry.BatchFill.Record(pictures.Length);
            SclipTelemetry.Windows.Add(results.Sum(result => result.Windows));
        }
        foreach (var picture in pictures)
        {
            SclipTelemetry.StageDuration.Record(seconds, new KeyValuePair<string, object?>("sclip.stage", "segment"));
            SclipTelemetry.Source.StartActivity("segment", ActivityKind.Internal, default(ActivityContext), startTime: began)
                ?.SetTag("sclip.image", picture.Reference.Name).SetTag("sclip.batch.images", pictures.Length).Dispose();
        }
    }
}
