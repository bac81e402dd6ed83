using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.PostProcessing;
using static global::TorchSharp.torch;

namespace Sclip.Segmentation.TorchSharp.PostProcessing;

/// <summary>What leaves the device of a picture.</summary>
/// <param name="LabelMap">Class index per pixel, <c>[height * width]</c>, the bits of an unsigned 16-bit number.</param>
/// <param name="Sums">Pixels of each class, and their scores and doubts in units of 2^-32, <c>[3, classes]</c>.</param>
/// <param name="DoubtMap">Doubt per pixel, <c>[height * width]</c>, in bytes; null where it was not asked for.</param>
internal sealed record MappedPicture(Tensor LabelMap, Tensor Sums, Tensor? DoubtMap);

/// <summary>
/// From averaged logits to the label map on the device, in the authors' order: resize to the original, (PAMR), softmax over all names, best
/// name of each class, area threshold, argmax, probability threshold, then what the method does to the whole label map. Nothing is read back on the way, so that the device never waits, but where regions vote.
/// </summary>
/// <param name="labels">The names.</param>
/// <param name="options">Scale, thresholds, PAMR.</param>
/// <param name="areFinal">Whether the logits are final scores, which are compared as they are; the threshold was applied when they were made.</param>
/// <param name="device">Where it is.</param>
/// <param name="hostThreads">Where regions vote.</param>
/// <param name="cancellationToken">Checked between chunks of names.</param>
internal sealed class TorchLabelMapper(TorchLabels labels, SegmentationOptions options, bool areFinal, Device device, Threads hostThreads, CancellationToken cancellationToken)
{
    private readonly LabelEmbeddings _source = labels.Source;

    /// <summary>Labels one picture; its sink, where there is one, gets its scores.</summary>
    public MappedPicture Map(Tensor logits, SegmentationInput input, PatchRegions? regions, Func<Tensor> normalisedPicture)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (input.OutputHeight, input.OutputWidth);
        var pamr = options.PamrSteps > 0 ? Pamr(normalisedPicture(), height, width) : null;
        var chunks = new NameChunks(logits, height, width, pamr);
        var winners = Fold(chunks, height, width);
        var dropped = options.AreaThreshold is { } area ? FindSmall(winners.Best, area) : null;
        var (best, logit) = dropped is null ? (winners.Best, winners.Max) : BestLeft(chunks, dropped, height, width);
        var doubt = Doubt(winners.Max, winners.Second).masked_fill_(logit.lt(winners.Max), Scalars.Of(PixelDoubt.Replaced)).flatten();
        var score = Score(logit, winners.Max, winners.Sum);
        var classes = labels.ClassOfName.index_select(0, best.flatten());
        if (!areFinal && options.ProbabilityThreshold > 0 && _source.BackgroundClass is { } background)
            classes = classes.masked_fill_(score.flatten().lt(Scalars.Of((float)options.ProbabilityThreshold)), Scalars.Of((long)background));
        var changed = regions is not null ? Voted(classes, regions, height, width)
            : DenseMethods.ClosesLabelMap(options.Method) ? Closed(classes, height, width)
            : null;
        if (changed is not null)
            (doubt, classes) = (doubt.masked_fill(changed.ne(classes), Scalars.Of(PixelDoubt.Replaced)), changed);
        if (input.Scores is { } sink)
            WriteScores(chunks, winners, dropped, sink, height, width);
        var sums = zeros(3, _source.ClassCount, dtype: ScalarType.Int64, device: device);
        sums[0].scatter_add_(0, classes, ones_like(classes));
        sums[1].scatter_add_(0, classes, Units(score.flatten()));
        sums[2].scatter_add_(0, classes, Units(doubt));
        var doubtMap = input.DoubtMap ? (doubt * Scalars.Of(PixelDoubt.MapUnit)).add_(Scalars.Of(0.5), Scalars.One).to(ScalarType.Byte).MoveToOuterDisposeScope() : null;
        return new MappedPicture(classes.to(ScalarType.Int16).MoveToOuterDisposeScope(), sums.MoveToOuterDisposeScope(), doubtMap);
    }

    private static Tensor Units(Tensor values) => values.to(ScalarType.Float64).mul_(Scalars.Of(LabelMapper.Unit)).to(ScalarType.Int64);

    /// <summary>The label map after its regions' vote (<see cref="RegionVote"/>), which is the host's.</summary>
    private Tensor Voted(Tensor classes, PatchRegions regions, int height, int width)
    {
        ushort[] labelMap = [.. classes.cpu().data<long>().ToArray().Select(label => (ushort)label)];
        RegionVote.Apply(labelMap, height, width, regions, hostThreads);
        return tensor(labelMap.Select(label => (long)label).ToArray()).to(device);
    }

    /// <summary>The label map closed (<see cref="LabelMapClosing"/>); poolings leave out what lies beyond the borders.</summary>
    private static Tensor Closed(Tensor classes, int height, int width)
    {
        // Class numbers are exact in 32 bits.
        var widened = nn.functional.max_pool2d(classes.view(1, 1, height, width).to(ScalarType.Float32), 3, stride: 1, padding: 1);
        return nn.functional.max_pool2d(widened.neg(), 3, stride: 1, padding: 1).neg().to(ScalarType.Int64).flatten();
    }

    /// <summary>The score of a name of each pixel.</summary>
    private Tensor Score(Tensor logit, Tensor max, Tensor sum) => areFinal ? logit : (logit - max).mul_(Scalars.Of(options.LogitScale)).exp_().div_(sum);

    /// <summary>The doubt of each pixel (<see cref="PixelDoubt"/>).</summary>
    private Tensor Doubt(Tensor max, Tensor second)
    {
        // The fourth root of how many times as likely the best is: of scores, where nothing else scores 0 / 0 is no number, and all is in doubt.
        var root = areFinal
            ? max.div(second.clamp_min(Scalars.Of(0L))).pow_(Scalars.Of((double)PixelDoubt.Root)).nan_to_num(1, float.PositiveInfinity, 0)
            : (max - second).mul_(Scalars.Of(options.LogitScale * PixelDoubt.Root)).exp_();
        return root.add_(Scalars.One, Scalars.One).reciprocal_().mul_(Scalars.Of(2L));
    }

    private TorchPamr Pamr(Tensor picture, int height, int width) => new(
        nn.functional.interpolate(picture.unsqueeze(0), [height, width], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(0),
        options.PamrSteps, options.PamrDilations);

    /// <summary>Each pixel's largest logit, its name, the sum of e^(scale (logit - largest)), and the largest logit of the other classes, running over the chunks.</summary>
    private (Tensor Max, Tensor Best, Tensor Sum, Tensor Second) Fold(NameChunks chunks, int height, int width)
    {
        var max = full([height, width], Scalars.NegativeInfinity, device: device);
        var best = zeros(height, width, dtype: ScalarType.Int64, device: device);
        var sum = zeros(height, width, device: device);
        var second = full([height, width], Scalars.NegativeInfinity, device: device);
        chunks.ForEach((first, logits) =>
        {
            var (chunkMax, chunkBest) = logits.max(0);
            // Of the chunk's other classes; and the loser of two classes is next to the winner.
            var classes = labels.ClassOfName.narrow(0, first, logits.shape[0]);
            var chunkClass = classes.index_select(0, chunkBest.flatten()).view(height, width);
            var chunkSecond = logits.masked_fill(classes.view(-1, 1, 1).eq(chunkClass.unsqueeze(0)), Scalars.NegativeInfinity).amax([0]);
            var isSame = chunkClass.eq(labels.ClassOfName.index_select(0, best.flatten()).view(height, width));
            var loser = minimum(max, chunkMax).masked_fill_(isSame, Scalars.NegativeInfinity);
            second.copy_(maximum(where(chunkMax.gt(max), where(isSame, second, full_like(second, Scalars.NegativeInfinity)), second),
                maximum(where(chunkMax.gt(max).logical_or(isSame), chunkSecond, full_like(second, Scalars.NegativeInfinity)), loser)));
            best.copy_(where(chunkMax.gt(max), chunkBest.add_(Scalars.Of((long)first), Scalars.One), best));
            var newMax = maximum(max, chunkMax);
            sum.mul_((max - newMax).mul_(Scalars.Of(options.LogitScale)).exp_()).add_((logits - newMax).mul_(Scalars.Of(options.LogitScale)).exp_().sum(dim: 0), Scalars.One);
            max.copy_(newMax);
        }, cancellationToken);
        return (max, best, sum, second);
    }

    /// <summary>Marks the classes, but for the background, whose share of all pixels that are not background is not above the threshold: <c>[classes]</c>.</summary>
    private Tensor FindSmall(Tensor best, double threshold)
    {
        var classes = labels.ClassOfName.index_select(0, best.flatten());
        var counts = zeros(_source.ClassCount, dtype: ScalarType.Int64, device: device).scatter_add_(0, classes, ones_like(classes)).to(ScalarType.Float64);
        if (_source.BackgroundClass is not { } background)
            return counts.gt(counts.sum() * Scalars.Of(threshold)).logical_not();
        var things = counts.sum() - counts[background];
        var small = counts.gt(things * Scalars.Of(threshold)).logical_not();
        small.narrow(0, background, 1).zero_();
        return small;
    }

    /// <summary>The best name of each pixel among those whose classes are left.</summary>
    private (Tensor Best, Tensor Logit) BestLeft(NameChunks chunks, Tensor dropped, int height, int width)
    {
        var names = dropped.index_select(0, labels.ClassOfName);
        var max = full([height, width], Scalars.NegativeInfinity, device: device);
        var best = zeros(height, width, dtype: ScalarType.Int64, device: device);
        chunks.ForEach((first, logits) =>
        {
            var (chunkMax, chunkBest) = logits.masked_fill(names.narrow(0, first, logits.shape[0]).view(-1, 1, 1), Scalars.NegativeInfinity).max(0);
            best.copy_(where(chunkMax.gt(max), chunkBest.add_(Scalars.Of((long)first), Scalars.One), best));
            max.copy_(maximum(max, chunkMax));
        }, cancellationToken);
        return (best, max);
    }

    /// <summary>Hands out the scores class by class; the names of a class stand together.</summary>
    private void WriteScores(NameChunks chunks, (Tensor Max, Tensor Best, Tensor Sum, Tensor Second) winners, Tensor? dropped, IScoreSink sink, int height, int width)
    {
        var gone = dropped?.to(ScalarType.Byte).cpu().bytes.ToArray();
        var scores = zeros(height, width, device: device);
        chunks.ForEach((first, logits) =>
        {
            for (var i = 0; i < logits.shape[0]; i++)
            {
                using var _ = NewDisposeScope();
                var label = _source.ClassOfName[first + i];
                if (gone is null || gone[label] == 0)
                    scores.copy_(maximum(scores, Score(logits[i], winners.Max, winners.Sum)));
                if (first + i + 1 < chunks.Names && _source.ClassOfName[first + i + 1] == label)
                    continue;
                sink.Write(label, 0, scores.cpu().data<float>().ToArray());
                scores.zero_();
            }
        }, cancellationToken);
    }
}
