using System.Diagnostics;
using Sclip.Segmentation;

namespace Sclip.Worker.Pipeline;

/// <summary>The middle stage: groups of pictures through the engine, so that their windows share forward passes.</summary>
internal sealed class SegmentStage(ISegmenter segmenter, LabelEmbeddings labels, PipelineOptions options)
{
    /// <summary>Labels a group; where the engine refuses it, picture by picture, so that only the guilty one fails.</summary>
    public IReadOnlyList<SegmentedPicture> Run(IReadOnlyList<DecodedPicture> group, CancellationToken cancellationToken)
    {
        var good = group.Where(picture => picture.Resized is not null).ToArray();
        var segmented = good.Length == 0 ? [] : Segment(good, cancellationToken).ToDictionary(item => item.Picture);
        return [.. group.Select(picture => segmented.TryGetValue(picture, out var item) ? item : new SegmentedPicture(picture, null, null, picture.Error, 0))];
    }

    private SegmentedPicture[] Segment(DecodedPicture[] pictures, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var scores = new List<ScoreFile?>();
        try
        {
            foreach (var picture in pictures)
                scores.Add(options.Scores ? new ScoreFile(labels.ClassCount, picture.Height, picture.Width) : null);
            var results = segmenter.Segment([.. pictures.Zip(scores, (picture, sink) => picture.ToInput(sink))], labels, options.Segmentation, cancellationToken);
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds / pictures.Length;
            return [.. pictures.Select((picture, i) => new SegmentedPicture(picture, results[i], scores[i], null, milliseconds))];
        }
        catch (Exception error)
        {
            foreach (var file in scores)
                file?.Dispose();
            if (error is not (SegmentationException or OutOfMemoryException or IOException))
                throw;
            if (pictures.Length > 1)
                return [.. pictures.SelectMany(picture => Segment([picture], cancellationToken))];
            var reason = error is OutOfMemoryException ? "there is not enough memory to label the picture." : error.Message;
            return [new SegmentedPicture(pictures[0], null, null, reason, Stopwatch.GetElapsedTime(start).TotalMilliseconds)];
        }
    }
}
