namespace Sclip.Dispatcher.Gallery;

/// <summary>
/// What a use of an index may take. Memory of all galleries is bounded by what goes on at once, not by the jobs that are open: rounds and searches take
/// turns (<see cref="GalleryTurns"/>), and what rests holds nothing.
/// </summary>
/// <param name="CacheKilobytes">Most memory for pages of the file.</param>
/// <param name="Seconds">How long it waits for another that writes.</param>
internal sealed record IndexUse(int CacheKilobytes, int Seconds)
{
    /// <summary>A round, which writes entries anywhere in the file.</summary>
    public static IndexUse Round { get; } = new(32 << 10, 30);

    /// <summary>A question, or what a round looks up.</summary>
    public static IndexUse Search { get; } = new(4 << 10, 30);

    /// <summary>A decision of a person, who does not wait for a round: the next one takes it in.</summary>
    public static IndexUse Mark { get; } = new(4 << 10, 1);
}
