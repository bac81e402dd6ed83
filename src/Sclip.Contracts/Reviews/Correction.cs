using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>A mask that a person made of an image; it stands beside the machine's.</summary>
public sealed record Correction
{
    private static readonly Dictionary<string, double> NoDoubt = [];

    /// <summary>Name of the corrected mask, below the job's own.</summary>
    public required string Mask { get; init; }

    /// <summary>The SHA-256 hash of its file, in hexadecimal: the tag that a later correction names.</summary>
    public required string Sha256 { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who brought it.</summary>
    public required string By { get; init; }

    /// <summary>The digest of the result that it corrects (<see cref="ImageResult.Digest"/>); earlier versions did not tell it.</summary>
    public string? Result { get; init; }

    /// <summary>What was known of the picture (<see cref="ImageResult.PictureKey"/>); earlier versions did not tell it.</summary>
    public string? Picture { get; init; }

    /// <summary>Pixels of each class that occurs in it, by its name; earlier versions did not tell them.</summary>
    public IReadOnlyDictionary<string, long>? Pixels { get; init; }

    /// <summary>Whether the image was labelled anew since, with another result. Told in answers, and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Stale { get; init; }

    /// <summary>Whether it cannot be of the image any more, which is another picture by now, or has no mask: then the machine's result counts. Told in answers, and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unused { get; init; }

    /// <summary>The correction where it counts (<see cref="Against"/> tells); null where the machine's result does.</summary>
    [JsonIgnore]
    public Correction? IfCounts => Unused ? null : this;

    /// <summary>The same, compared with the result that the image has by now.</summary>
    public Correction Against(ImageResult result) => this with
    {
        Stale = Result is { } corrected && corrected != result.Digest(),
        Unused = result is not { Status: ImageStatus.Ok, Mask: not null } || (Picture is { } picture && picture != result.PictureKey),
    };

    /// <summary>The result as it is with the corrected mask under the machine's name: its pixels, and no doubt, which was the machine's.</summary>
    public ImageResult ApplyTo(ImageResult result) => result with { Pixels = Pixels, DoubtMap = null, Doubt = 0, ClassDoubt = NoDoubt, MeanConfidence = 1 };
}
