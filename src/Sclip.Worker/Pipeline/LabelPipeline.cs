using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sclip.Contracts;
using Sclip.Segmentation;
using Sclip.Storage;

namespace Sclip.Worker.Pipeline;

/// <summary>
/// Labels pictures in stages: fetch, decode (several at a time), the engine (groups of pictures, one group at a time), encode, upload
/// (several at a time). Stages are joined by bounded channels of tasks, so that results keep the order of the pictures and memory does
/// not grow with their number.
/// </summary>
/// <param name="segmenter">The engine.</param>
/// <param name="labels">Embeddings of the classes.</param>
/// <param name="classes">The classes.</param>
/// <param name="output">Where masks, overlays, scores and features go.</param>
/// <param name="options">How pictures are treated.</param>
/// <param name="labeller">Labels kept features; null where none are labelled or kept.</param>
public sealed class LabelPipeline(
    ISegmenter segmenter, LabelEmbeddings labels, IReadOnlyList<LabelClass> classes, IBlobStore output, PipelineOptions options, FeatureLabeller? labeller = null)
{
    /// <summary>Time that a group waits for one more picture: those before one that takes long, or does not come back, are not to wait for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.2);

    private readonly KeptFeatures? _kept = labeller is null ? null : new KeptFeatures(labeller, segmenter.Precision, options);

    internal LargeGarbage Garbage { get; init; } = LargeGarbage.OfProcess;

    /// <summary>Labels pictures; a picture that cannot be labelled is a failed result.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="stop">Takes no further picture, and finishes those in the engine and behind it.</param>
    /// <param name="abort">Gives up at once.</param>
    /// <returns>One result a picture, in order.</returns>
    /// <exception cref="BlobStoreException">The input store does not answer, or the output cannot be written.</exception>
    public async IAsyncEnumerable<ImageResult> RunAsync(
        IEnumerable<PictureReference> pictures, CancellationToken stop, [EnumeratorCancellation] CancellationToken abort = default)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(abort);
        var token = failed.Token;
        var (encode, upload) = (new EncodeStage(classes, options), new UploadStage(classes, output));
        // A group for a GPU is gathered while it has one, and encoded while it has the next. On the CPU running ahead gains nothing: the threads are the same.
        var group = segmenter.ResizesPictures ? Math.Max(options.Parallelism, segmenter.PicturesAtOnce) : options.Parallelism;
        var (fetched, decoded, segmented) = (Queue<FetchedPicture>(options.Parallelism), Queue<DecodedPicture>(group), Queue<SegmentedPicture>(group));
        var (encoded, uploaded) = (Queue<EncodedPicture>(options.Parallelism), Queue<ImageResult>(options.Parallelism));
        var decoders = new SemaphoreSlim(options.Parallelism);
        Task[] stages =
        [
            FetchAsync(pictures, fetched.Writer, stop, token),
            RunAsync(fetched.Reader, decoded.Writer, picture => DecodeAsync(picture, decoders, token), token),
            SegmentAsync(decoded.Reader, segmented.Writer, stop, token),
            RunAsync(segmented.Reader, encoded.Writer, picture => Task.FromResult(encode.Run(picture)), token),
            RunAsync(encoded.Reader, uploaded.Writer, picture => upload.RunAsync(picture, token), token),
        ];
        try
        {
            await foreach (var result in uploaded.Reader.ReadAllAsync(abort))
                yield return await result;
            await Task.WhenAll(stages);
        }
        finally
        {
            // Where a result failed for good, the stages before it must not go on, nor be left behind.
            await failed.CancelAsync();
            await Quietly(Task.WhenAll(stages));
            while (uploaded.Reader.TryRead(out var left))
                await Quietly(left);
        }
    }

    private static Channel<Task<T>> Queue<T>(int capacity) => Channel.CreateBounded<Task<T>>(capacity);

    /// <summary>Decodes a picture in its turn: more may wait for the engine than are decoded at the same time.</summary>
    private async Task<DecodedPicture> DecodeAsync(FetchedPicture picture, SemaphoreSlim decoders, CancellationToken cancellationToken)
    {
        await decoders.WaitAsync(cancellationToken);
        try
        {
            return await DecodedPicture.DecodeAsync(picture, options, segmenter.ResizesPictures, cancellationToken);
        }
        finally
        {
            decoders.Release();
        }
    }

    private async Task FetchAsync(IEnumerable<PictureReference> pictures, ChannelWriter<Task<FetchedPicture>> target, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var picture in pictures)
            {
                // Room first: a picture is read only when somebody will take it.
                if (!await target.WaitToWriteAsync(cancellationToken) || !await IsNextAsync(stop, cancellationToken))
                    break;
                await target.WriteAsync(Task.Run(() => FetchedPicture.ReadAsync(picture, options.Limits.MaxFileBytes, _kept, cancellationToken), cancellationToken), cancellationToken);
            }
            target.Complete();
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }

    /// <summary>Lets others go first; false where a stop comes before the next picture.</summary>
    private async Task<bool> IsNextAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        await UntilStopAsync(options.GiveWayAsync, stop, cancellationToken);
        return !stop.IsCancellationRequested;
    }

    private static async Task RunAsync<TIn, TOut>(ChannelReader<Task<TIn>> source, ChannelWriter<Task<TOut>> target, Func<TIn, Task<TOut>> work, CancellationToken cancellationToken)
    {
        try
        {
            while (await target.WaitToWriteAsync(cancellationToken) && await source.WaitToReadAsync(cancellationToken))
                if (source.TryRead(out var item))
                    await target.WriteAsync(Task.Run(async () => await work(await item), cancellationToken), cancellationToken);
            target.Complete();
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }

    private async Task SegmentAsync(ChannelReader<Task<DecodedPicture>> source, ChannelWriter<Task<SegmentedPicture>> target, CancellationToken stop, CancellationToken cancellationToken)
    {
        var segment = new SegmentStage(segmenter, labels, _kept, options);
        try
        {
            var group = new List<DecodedPicture>(segmenter.PicturesAtOnce);
            while (await source.WaitToReadAsync(cancellationToken))
            {
                group.Clear();
                // What is labelled by its features gains nothing from others, and waits for none.
                while (group.Count < segmenter.PicturesAtOnce && source.TryPeek(out var next) && (group.Count == 0 || (!group[^1].HasFeatures && await IsSoonDoneAsync(next))) && source.TryRead(out var picture))
                    group.Add(await picture);
                // Files, and pixels in full size, that nobody needs any more; before the turn, as others wait for its end.
                Garbage.Collect(group.Sum(picture => picture.DroppedBytes));
                // After a stop, what the engine has not begun is dropped; it is still taken, so that the stages before can end. What failed has its result.
                using var turn = await EnterEngineAsync(stop, cancellationToken);
                if (stop.IsCancellationRequested)
                    group.RemoveAll(picture => picture.Failure is null);
                if (group.Count == 0)
                    continue;
                var results = await Task.Run(() => segment.Run(group, cancellationToken), cancellationToken);
                foreach (var item in results)
                    await target.WriteAsync(Task.FromResult(item), cancellationToken);
            }
            target.Complete();
        }
        catch (Exception error)
        {
            target.Complete(error);
        }
    }

    /// <summary>Waits for the engine, which others may use for long; no longer than until a stop.</summary>
    private async Task<IDisposable?> EnterEngineAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        IDisposable? turn = null;
        await UntilStopAsync(async token => turn = await options.EnterEngineAsync(token), stop, cancellationToken);
        return turn;
    }

    /// <summary>Waits for others, no longer than until a stop, which is no failure.</summary>
    private static async Task UntilStopAsync(Func<CancellationToken, Task> wait, CancellationToken stop, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, cancellationToken);
        try
        {
            await wait(either.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static async Task<bool> IsSoonDoneAsync(Task picture)
    {
        await picture.WaitAsync(Patience, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return picture.IsCompleted;
    }

    private static Task Quietly(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
