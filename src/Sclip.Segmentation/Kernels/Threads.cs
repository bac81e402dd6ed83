using System.Runtime.ExceptionServices;

namespace Sclip.Segmentation.Kernels;

/// <summary>Runs numbered tasks on a fixed number of threads, each with working memory of its own. One caller at a time.</summary>
internal sealed class Threads : IDisposable
{
    private readonly Scratch[] _scratch;
    private readonly ParallelOptions _options;

    public Threads(int count)
    {
        Count = count;
        _scratch = [.. Enumerable.Range(0, count).Select(_ => new Scratch())];
        _options = new ParallelOptions { MaxDegreeOfParallelism = count };
    }

    public int Count { get; }

    /// <summary>Runs tasks 0..count-1, handed out in order to whichever thread is free.</summary>
    public void For(int count, Action<int, Scratch> task)
    {
        if (Count == 1 || count == 1)
        {
            for (var i = 0; i < count; i++)
                task(i, _scratch[0]);
            return;
        }
        var next = -1;
        try
        {
            Parallel.For(0, Math.Min(Count, count), _options, lane =>
            {
                for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                    task(i, _scratch[lane]);
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }

    public void Dispose()
    {
        foreach (var scratch in _scratch)
            scratch.Dispose();
    }
}
