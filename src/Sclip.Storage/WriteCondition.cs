namespace Sclip.Storage;

/// <summary>What must hold for a write to happen.</summary>
public readonly record struct WriteCondition
{
    private WriteCondition(bool ifMissing, string? ifMatches) => (IfMissing, IfMatches) = (ifMissing, ifMatches);

    /// <summary>Writes whatever is there.</summary>
    public static WriteCondition None => default;

    /// <summary>Writes only where there is no blob of that name (<c>If-None-Match: *</c>): the first writer wins.</summary>
    public static WriteCondition Missing { get; } = new(true, null);

    /// <summary>Writes only over the version of that tag (<c>If-Match</c>).</summary>
    public static WriteCondition Matches(string etag) => new(false, etag);

    /// <summary>Whether the blob must not be there.</summary>
    public bool IfMissing { get; }

    /// <summary>The tag that the blob must have; null where it does not matter.</summary>
    public string? IfMatches { get; }
}
