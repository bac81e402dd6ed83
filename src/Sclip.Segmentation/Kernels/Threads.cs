namespace Sclip.Segmentation.Kernels;

/// <summary>Runs numbered tasks on a fixed number of threads, each with working memory of its own. One caller at a time.</summary>
internal sealed class Threads : IDisposable
{
    private readonly Scratch[] _scratch;
    private Crew? _crew;

    public Threads(int count)
        : this([.. Enumerable.Range(0, count).Select(_ => new Scratch())])
    {
        if (count > 1)
            Lanes = [.. _scratch.Select(scratch => new Threads([scratch]))];
    }

    private Threads(Scratch[] scratch)
    {
        _scratch = scratch;
        Lanes = [this];
    }

    public int Count => _scratch.Length;

    /// <summary>Working memory of the caller, which tasks of all threads may look into.</summary>
    public Scratch Shared => _scratch[0];

    /// <summary>Each thread by itself, for tasks that are cut into tasks in turn.</summary>
    public IReadOnlyList<Threads> Lanes { get; }

    /// <summary>Runs tasks 0..count-1, handed out in order to whichever thread is free.</summary>
    public void For(int count, Action<int, Scratch> task) => ForLanes(count, (i, lane) => task(i, _scratch[lane]));

    /// <summary>
    /// Runs tasks 0..count-1, handed out in order to whichever thread is free; they are told its index among <see cref="Lanes"/>. Where some fail, no more
    /// are begun, and the exception of the first of them by number is thrown.
    /// </summary>
    public void ForLanes(int count, Action<int, int> task)
    {
        if (Count == 1 || count <= 1)
        {
            for (var i = 0; i < count; i++)
                task(i, 0);
            return;
        }
        _crew ??= new Crew(Count - 1);
        _crew.Run(count, task);
    }

    public void Dispose()
    {
        _crew?.Dispose();
        foreach (var scratch in _scratch)
            scratch.Dispose();
    }
}
