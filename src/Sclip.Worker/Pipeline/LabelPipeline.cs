using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>
/// Labels pictures in stages: read and decode (several at a time), the engine (groups of pictures, one group at a time), encode and write
/// (several at a time). Stages are joined by bounded channels of tasks, so that results keep the order of the pictures and memory does
/// not grow with their number.
/// </summary>
/// <param name="segmenter">The engine.</param>
/// <param name="labels">Embeddings of the classes.</param>
/// <param name="classes">The classes.</param>
/// <param name="output">Where masks, overlays and scores go.</param>
/// <param name="options">How pictures are treated.</param>
public sealed class LabelPipeline(ISegmenter segmenter, LabelEmbeddings labels, IReadOnlyList<LabelClass> classes, IBlobStore output, PipelineOptions options)
{
    // A group must fill the engine's batches; more would only hold more label maps.
    private const int PicturesOfGroup = 4;

    /// <summary>Labels pictures; a picture that cannot be labelled is a failed result.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="stop">Takes no further picture, and finishes those in the engine and behind it.</param>
    /// <param name="abort">Gives up at once.</param>
    /// <returns>One result a picture, in order.</returns>
    /// <exception cref="BlobStoreException">The output cannot be written.</exception>
    public async IAsyncEnumerable<ImageResult> RunAsync(
        IEnumerable<PictureReference> pictures, CancellationToken stop, [EnumeratorCancellation] CancellationToken abort = default)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var decoded = Channel.CreateBounded<Task<DecodedPicture>>(options.Parallelism);
        var encoded = Channel.CreateBounded<Task<ImageResult>>(options.Parallelism);
        Task[] stages = [DecodeAsync(pictures, decoded.Writer, stop, failed.Token), SegmentAsync(decoded.Reader, encoded.Writer, stop, failed.Token)];
        try
        {
            await foreach (var result in encoded.Reader.ReadAllAsync(abort))
                yield return await result;
            await Task.WhenAll(stages);
        }
        finally
        {
            // Where a result failed for good, the stages before it must not go on, nor be left behind.
            await failed.CancelAsync();
            await Task.WhenAll(stages).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            while (encoded.Reader.TryRead(out var left))
                await left.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task DecodeAsync(IEnumerable<PictureReference> pictures, ChannelWriter<Task<DecodedPicture>> target, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var picture in pictures)
            {
                // Room first: a picture is decoded only when somebody will take it.
                if (!await target.WaitToWriteAsync(cancellationToken) || stop.IsCancellationRequested)
                    break;
                await target.WriteAsync(Task.Run(() => DecodedPicture.ReadAsync(picture, options, cancellationToken), cancellationToken), cancellationToken);
            }
            target.Complete();
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }

    private async Task SegmentAsync(ChannelReader<Task<DecodedPicture>> source, ChannelWriter<Task<ImageResult>> target, CancellationToken stop, CancellationToken cancellationToken)
    {
        var segment = new SegmentStage(segmenter, labels, options);
        var encode = new EncodeStage(classes, output, options);
        try
        {
            var group = new List<DecodedPicture>(PicturesOfGroup);
            while (await source.WaitToReadAsync(cancellationToken))
            {
                group.Clear();
                while (group.Count < PicturesOfGroup && source.TryRead(out var picture))
                    group.Add(await picture);
                // After a stop, what the engine has not begun is dropped; it is still taken, so that the stage before can end.
                if (stop.IsCancellationRequested)
                    continue;
                var segmented = await Task.Run(() => segment.Run(group, cancellationToken), cancellationToken);
                foreach (var item in segmented)
                {
                    await target.WaitToWriteAsync(cancellationToken);
                    await target.WriteAsync(Task.Run(() => encode.RunAsync(item, cancellationToken), cancellationToken), cancellationToken);
                }
            }
            target.Complete();
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }
}
