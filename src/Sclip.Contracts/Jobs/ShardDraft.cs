namespace Sclip.Contracts.Jobs;

/// <summary>The head of a shard's draft: who works on it, and how earlier deliveries ended. The results so far follow it, a line each.</summary>
public sealed record ShardDraft
{
    /// <summary>Deliveries that ended without a word since the last image was completed.</summary>
    public int Deaths { get; init; }

    /// <summary>Who works on it; null where the last one has let it go.</summary>
    public string? Worker { get; init; }

    /// <summary>Deliveries in all.</summary>
    public int Deliveries { get; init; }

    /// <summary>The image under way, where images are taken one at a time.</summary>
    public string? Current { get; init; }
}
