using Sclip.Evaluation.Presets;

namespace Sclip.Workbench.Sessions;

/// <summary>The names of the eight benchmarks' lists: synonyms at hand, embedded ahead so that they answer at once.</summary>
internal sealed class Lexicon(Session session)
{
    private static readonly HashSet<string> Held = new(BenchmarkPresets.All.SelectMany(preset => preset.Labels.Names), StringComparer.Ordinal);

    /// <summary>The names, each once.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Held];

    /// <summary>How many are embedded.</summary>
    public int Ready => Names.Count(session.Names.Knows);

    /// <summary>Embeds those that are not, while nobody asks for anything.</summary>
    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Names.Where(name => !session.Names.Knows(name)))
        {
            await session.Engine.RunAheadAsync(token =>
            {
                Learn(name, token);
                return true;
            }, cancellationToken);
            session.Change();
        }
    }

    /// <summary>Embeds a name that is not known yet, and keeps it on disk where it is one of these; in the engine's turn.</summary>
    public void Learn(string name, CancellationToken cancellationToken)
    {
        if (!session.Names.Knows(name))
            // Each by itself: whoever embeds it finds it in the cache, and a turn is short.
            session.Names.LearnAhead(name, Held.Contains(name) ? session.Setup.CacheDirectory : null, cancellationToken);
    }
}
