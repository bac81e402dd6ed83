namespace Sclip.Workbench.Sessions;

/// <summary>The memory that features may take, in all the sessions that share it.</summary>
/// <param name="most">Bytes.</param>
public sealed class FeatureBudget(long most)
{
    private readonly Lock _gate = new();
    private long _taken;

    /// <summary>Takes memory, where there is so much left; the sentence of a refusal says what to do.</summary>
    /// <returns>Why there is not; null where it is taken.</returns>
    internal string? Take(long bytes)
    {
        lock (_gate)
        {
            if (_taken + bytes > most)
                return $"its features would take {bytes >> 20} MB beside {_taken >> 20} MB of other pictures, and the workbench holds {most >> 20} MB; take fewer pictures, a larger stride or a smaller short side, or end other sessions.";
            _taken += bytes;
            return null;
        }
    }

    /// <summary>Gives memory back.</summary>
    internal void Give(long bytes)
    {
        lock (_gate)
            _taken -= bytes;
    }
}
