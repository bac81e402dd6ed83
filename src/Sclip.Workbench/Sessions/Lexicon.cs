using Sclip.Evaluation.Presets;

namespace Sclip.Workbench.Sessions;

/// <summary>The names of the eight benchmarks' lists: synonyms at hand, embedded ahead so that they answer at once.</summary>
internal sealed class Lexicon(Session session)
{
    // A chunk that somebody interrupts is begun anew.
    private const int ChunkLength = 8;

    /// <summary>The names, each once.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. BenchmarkPresets.All.SelectMany(preset => preset.Labels.Names).Distinct(StringComparer.Ordinal)];

    /// <summary>How many are embedded.</summary>
    public int Ready => Names.Count(session.Names.Knows);

    /// <summary>Embeds those that are not, while nobody asks for anything.</summary>
    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        foreach (var chunk in Names.Chunk(ChunkLength))
        {
            await session.Engine.RunAheadAsync(token =>
            {
                session.Names.LearnAhead(chunk, session.Setup.CacheDirectory, token);
                return true;
            }, cancellationToken);
            session.Change();
        }
    }
}
