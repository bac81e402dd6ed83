namespace Sclip.Dispatcher.Gallery;

/// <summary>What may go on at once in the indexes of all jobs; with <see cref="IndexUse"/>, at most 2 × 32 + 8 × 4 MB of pages.</summary>
internal sealed class GalleryTurns : IDisposable
{
    /// <summary>Rounds.</summary>
    public SemaphoreSlim Rounds { get; } = new(2);

    /// <summary>Searches.</summary>
    public SemaphoreSlim Searches { get; } = new(8);

    /// <inheritdoc />
    public void Dispose()
    {
        Rounds.Dispose();
        Searches.Dispose();
    }
}
