using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>The review of an image.</summary>
public sealed record ReviewEntry
{
    /// <summary>What stands for the machine's mask in <see cref="Correction"/>.</summary>
    public const string Machine = "none";

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

    /// <summary>The digest of the result that was reviewed (<see cref="ImageResult.Digest"/>).</summary>
    public required string Result { get; init; }

    /// <summary>The tag of the corrected mask that was reviewed (<see cref="Reviews.Correction.Sha256"/>), or <see cref="Machine"/>; earlier versions did not tell it.</summary>
    public string? Correction { get; init; }

    /// <summary>Whether the image was labelled anew since with another result, or another mask of people's counts by now: then it is open again. Told in answers, and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stale { get; init; }

    /// <summary>The decision that holds now; none where the entry is stale.</summary>
    [JsonIgnore]
    public ReviewDecision Current => Stale ? ReviewDecision.None : Decision;

    /// <summary>The same, compared with what the image has by now.</summary>
    /// <param name="result">Its result.</param>
    /// <param name="correction">The correction that counts (<see cref="Reviews.Correction.Against"/>); null where the machine's mask does.</param>
    public ReviewEntry Against(ImageResult result, Correction? correction) => this with { Stale = result.Digest() != Result || !SawMask(correction) };

    // Where it does not tell, a mask that came later was not seen.
    private bool SawMask(Correction? correction) => Correction is { } seen ? seen == (correction?.Sha256 ?? Machine) : correction is null || correction.At <= At;
}
