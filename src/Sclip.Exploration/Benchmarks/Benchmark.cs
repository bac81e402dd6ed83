using System.Diagnostics;
using Sclip.Evaluation.Datasets;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Exploration.Benchmarks;

/// <summary>Labels the pictures of a data set with several configurations and counts what agrees with the ground truth. Pictures are read ahead of the engine, a few at a time.</summary>
/// <param name="segmenter">The engine.</param>
/// <param name="labels">Embeddings of the classes.</param>
/// <param name="configurations">The configurations, those of the state it runs on.</param>
/// <param name="shortSide">Short side in pixels that pictures are resized to; 0 leaves them as they are.</param>
public sealed class Benchmark(ISegmenter segmenter, LabelEmbeddings labels, IReadOnlyList<BenchmarkConfiguration> configurations, int shortSide)
{
    private readonly SegmentationOptions[] _options = [.. configurations.Select(configuration => configuration.Options)];

    /// <summary>What a picture may be at most.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Pictures that are read at the same time.</summary>
    public int Readers { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Told of each picture that failed.</summary>
    public Action<BenchmarkFailure>? OnFailure { get; init; }

    /// <summary>Told after each group of pictures; the state is whole then, and can be saved.</summary>
    public Action<BenchmarkState>? OnProgress { get; init; }

    /// <summary>Goes on from where the state is.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="count">How many of its pictures are to be taken, from the first on.</param>
    /// <param name="state">What was counted so far; counted on.</param>
    /// <param name="stop">Takes no further group of pictures.</param>
    /// <param name="abort">Gives up at once; the state is that after the last group.</param>
    /// <exception cref="DeviceLostException">The device failed; the state is that after the last group.</exception>
    public void Run(DataSet data, int count, BenchmarkState state, CancellationToken stop, CancellationToken abort)
    {
        var reading = new Queue<Task<BenchmarkInput>>();
        var next = state.Position;
        while (state.Position < count && !stop.IsCancellationRequested)
        {
            var start = Stopwatch.GetTimestamp();
            for (; next < count && reading.Count < segmenter.PicturesAtOnce + Readers; next++)
            {
                var picture = data[next];
                reading.Enqueue(Task.Run(() => BenchmarkInput.Read(picture, shortSide, Limits, segmenter.ResizesPictures), abort));
            }
            var group = new List<BenchmarkInput>();
            while (group.Count < segmenter.PicturesAtOnce && reading.TryDequeue(out var read))
                group.Add(read.GetAwaiter().GetResult());
            Take(group, state, abort);
            state.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            OnProgress?.Invoke(state);
        }
    }

    /// <summary>Counts a group; nothing of it is in the state before all is.</summary>
    private void Take(List<BenchmarkInput> group, BenchmarkState state, CancellationToken abort)
    {
        var failures = group.Where(input => input.Failure is not null).Select(input => new BenchmarkFailure(input.Name, input.Failure!)).ToList();
        var good = group.Where(input => input.Input is not null).ToArray();
        foreach (var (input, results) in Segment(good, failures, abort))
            for (var i = 0; i < results.Length; i++)
                state.Matrices[i].Matrix.Add(results[i].LabelMap, input.Truth);
        state.Position += group.Count;
        state.KnownFiles?.AddRange(group.Select(input => input.Files));
        state.Failed += failures.Count;
        foreach (var failure in failures)
        {
            state.Add(failure);
            OnFailure?.Invoke(failure);
        }
    }

    /// <summary>Labels a group; where the engine refuses it, picture by picture, so that only the guilty one fails.</summary>
    private List<(BenchmarkInput Input, SegmentationResult[] Results)> Segment(BenchmarkInput[] inputs, List<BenchmarkFailure> failures, CancellationToken abort)
    {
        if (inputs.Length == 0)
            return [];
        try
        {
            var results = segmenter.SegmentWithEach([.. inputs.Select(input => input.Input!)], labels, _options, abort);
            return [.. inputs.Select((input, i) => (input, results.Select(pictures => pictures[i]).ToArray()))];
        }
        catch (Exception error) when (error is SegmentationException or OutOfMemoryException)
        {
            if (inputs.Length > 1)
                return [.. inputs.SelectMany(input => Segment([input], failures, abort))];
            failures.Add(new BenchmarkFailure(inputs[0].Name, error is OutOfMemoryException ? "there is not enough memory to label the picture." : error.Message));
            return [];
        }
    }
}
