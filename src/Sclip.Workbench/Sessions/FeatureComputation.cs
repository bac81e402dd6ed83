using System.Diagnostics;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Worker.Pipeline;

namespace Sclip.Workbench.Sessions;

/// <summary>Computes the features of a session's pictures, one after another, or takes those that were kept.</summary>
internal sealed class FeatureComputation(Session session)
{
    private readonly PipelineOptions _options = session.Setup.Options with { KeepFeatures = FeatureEncoding.Float16, Overlay = false, Doubt = false, Scores = false };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var engine = session.Engine;
        var kept = new KeptFeatures(engine.Labeller, engine.Segmenter.Precision, _options);
        var any = LabelEmbeddingsOfNothing(engine.Model.Config.EmbeddingSize);
        var (seconds, computed, full) = (0.0, 0, (string?)null);
        for (var i = 0; i < session.Pictures.Count; i++)
        {
            var picture = session.Pictures[i];
            var start = Stopwatch.GetTimestamp();
            try
            {
                if (full is not null)
                    throw new SegmentationException(full);
                var (features, isComputed) = await ComputeAsync(picture.Reference, kept, any, cancellationToken);
                // Pictures behind one for which there is no room are not computed first.
                full = session.Setup.Budget.Take(FeatureFile.SizeOf(features.Header));
                if (full is not null)
                    throw new SegmentationException(full);
                picture.Complete(features);
                (seconds, computed) = isComputed ? (seconds + Stopwatch.GetElapsedTime(start).TotalSeconds, computed + 1) : (seconds, computed);
            }
            catch (Exception error) when (error is PictureFailedException or SegmentationException or BlobStoreException or FeatureFormatException)
            {
                picture.Fail(error.Message);
            }
            catch (OutOfMemoryException)
            {
                picture.Fail("there is not enough memory to compute its features.");
            }
            var left = session.Pictures.Count - 1 - i;
            session.SecondsLeft = computed > 0 && left > 0 ? left * seconds / computed : null;
            session.Change();
        }
    }

    private async Task<(FeatureFile Features, bool IsComputed)> ComputeAsync(PictureReference reference, KeptFeatures kept, LabelEmbeddings any, CancellationToken cancellationToken)
    {
        var engine = session.Engine;
        var fetched = await FetchedPicture.ReadAsync(reference, _options.Limits.MaxFileBytes, kept, cancellationToken);
        if (fetched.Features is { } there)
            return (there, false);
        var decoded = await DecodedPicture.DecodeAsync(fetched, _options, engine.Segmenter.ResizesPictures, cancellationToken);
        if (decoded.Failure is { } failure)
            throw new PictureFailedException(failure.Error);
        var writer = kept.Writer(reference.Name, decoded.FileHash, (decoded.Width, decoded.Height), decoded.ModelSize)!;
        var input = decoded.ToInput(scores: null, doubtMap: false, writer);
        await engine.RunAsync(token => engine.Segmenter.Segment([input], any, _options.Segmentation with { ProbabilityThreshold = 0, AreaThreshold = null }, token), cancellationToken);
        return (FeatureFile.Parse(writer.Finish()), true);
    }

    /// <summary>A name that stands for none: an engine labels what it computes features of.</summary>
    private static LabelEmbeddings LabelEmbeddingsOfNothing(int dimension)
    {
        var values = new float[dimension];
        values[0] = 1;
        return new LabelEmbeddings { Values = values, Dimension = dimension, ClassOfName = [0], ClassCount = 1 };
    }

    private sealed class PictureFailedException(string message) : Exception(message);
}
