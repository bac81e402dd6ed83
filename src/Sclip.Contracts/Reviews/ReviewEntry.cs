using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>The review of an image.</summary>
public sealed record ReviewEntry
{
    /// <summary>The decision.</summary>
    public required ReviewDecision Decision { get; init; }

    /// <summary>What the reviewer has to say.</summary>
    public string? Note { get; init; }

    /// <summary>Who decided.</summary>
    public required string Reviewer { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How often the image was decided on; who decides anew names the revision that they saw.</summary>
    public required int Revision { get; init; }

    /// <summary>The digest of the result that was looked at (<see cref="ImageResult.Digest"/>).</summary>
    public required string Result { get; init; }

    /// <summary>Whether the image was labelled anew since, with another result: then it is open again. Told in answers, and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stale { get; init; }

    /// <summary>The decision that holds now; none where the entry is stale.</summary>
    [JsonIgnore]
    public ReviewDecision Current => Stale ? ReviewDecision.None : Decision;

    /// <summary>The same, stale where the image has another result by now.</summary>
    public ReviewEntry Against(ImageResult result) => this with { Stale = result.Digest() != Result };
}
