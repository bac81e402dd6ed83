namespace Sclip.Segmentation.TorchSharp;

/// <summary>How many windows a forward pass takes: half as many after the device's memory was too small, and step by step more once that goes well.</summary>
/// <param name="most">The most windows, with which it begins.</param>
internal sealed class WindowBudget(int most)
{
    // Groups that must go well before a larger one is tried again.
    private const int GroupsOfPatience = 8;

    private int _wentWell;

    /// <summary>The most windows.</summary>
    public int Most { get; } = most;

    /// <summary>Windows of the next pass.</summary>
    public int Now { get; private set; } = most;

    /// <summary>Takes down that a group went well: one large picture must not slow down all that come after it.</summary>
    public void Succeed()
    {
        if (Now < Most && ++_wentWell == GroupsOfPatience)
            (Now, _wentWell) = (Math.Min(2 * Now, Most), 0);
    }

    /// <summary>Takes down that memory was too small.</summary>
    /// <returns>Whether fewer windows can be tried; where a single one was too much, the next picture begins with the most again.</returns>
    public bool TryHalve()
    {
        _wentWell = 0;
        var isSingle = Now == 1;
        Now = isSingle ? Most : Math.Max(Now / 2, 1);
        return !isSingle;
    }
}
