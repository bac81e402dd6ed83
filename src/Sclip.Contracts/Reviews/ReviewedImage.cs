using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>An image that was reviewed or corrected: a line of a job's reviews.</summary>
public sealed record ReviewedImage
{
    /// <summary>Its name.</summary>
    public required string Image { get; init; }

    /// <summary>Its shard.</summary>
    public required int Shard { get; init; }

    /// <summary>The decision; none where it was corrected only.</summary>
    public required ReviewDecision Decision { get; init; }

    /// <summary>What the reviewer had to say.</summary>
    public string? Note { get; init; }

    /// <summary>Who decided.</summary>
    public string? Reviewer { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How often it was decided on.</summary>
    public required int Revision { get; init; }

    /// <summary>Whether it was labelled anew since with another result, or another mask of people's counts by now: then it is open again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stale { get; init; }

    /// <summary>Name of its corrected mask; null where it has none.</summary>
    public string? Corrected { get; init; }

    /// <summary>Who brought that.</summary>
    public string? CorrectedBy { get; init; }

    /// <summary>When that came.</summary>
    public DateTimeOffset? CorrectedAt { get; init; }

    /// <summary>Whether the image was labelled anew after it was corrected, with another result.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CorrectedStale { get; init; }

    /// <summary>Whether the corrected mask cannot be of the image any more, and the machine's counts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CorrectedUnused { get; init; }

    /// <summary>The correction that counts; null where the machine's mask does.</summary>
    [JsonIgnore]
    public Correction? Counting { get; private init; }

    /// <summary>The decision that holds now.</summary>
    [JsonIgnore]
    public ReviewDecision Current => Stale ? ReviewDecision.None : Decision;

    /// <summary>The image as a line of JSON, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Json.Default.ReviewedImage);

    /// <summary>Puts an image together of what there is of it.</summary>
    public static ReviewedImage Of(string image, int shard, ReviewEntry? entry, Correction? correction) => new()
    {
        Image = image,
        Shard = shard,
        Decision = entry?.Decision ?? ReviewDecision.None,
        Note = entry?.Note,
        Reviewer = entry?.Reviewer,
        At = entry?.At,
        Revision = entry?.Revision ?? 0,
        Stale = entry?.Stale ?? false,
        Corrected = correction?.Mask,
        CorrectedBy = correction?.By,
        CorrectedAt = correction?.At,
        CorrectedStale = correction?.Stale ?? false,
        CorrectedUnused = correction?.Unused ?? false,
        Counting = correction?.IfCounts,
    };
}
