using System.Diagnostics;

namespace Sclip.Segmentation.Kernels;

/// <summary>A thread's way to wait for what others do: it looks out for it a while, and then sleeps until it is woken.</summary>
internal sealed class Waiter
{
    // Longer than the stages of a forward pass lie apart, and short beside one of them.
    private static readonly long Watch = Stopwatch.Frequency / 10_000;

    private readonly SemaphoreSlim _woken = new(0);
    private int _asleep;

    /// <summary>Wakes the thread, if it sleeps, to look at its condition again; to be called behind what makes that true.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _asleep, 0) == 1)
            _woken.Release();
    }

    public void WaitUntil(Func<bool> condition)
    {
        var spin = new SpinWait();
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetTimestamp() - start < Watch; spin.SpinOnce(sleep1Threshold: -1))
            if (condition())
                return;
        while (!condition())
        {
            Interlocked.Exchange(ref _asleep, 1);
            // What became true before the thread was seen to sleep wakes nobody, unless somebody has seen it in between.
            if (!condition() || Interlocked.Exchange(ref _asleep, 0) == 0)
                _woken.Wait();
        }
    }
}
