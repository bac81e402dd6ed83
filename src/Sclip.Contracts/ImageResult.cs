using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sclip.Contracts.Jobs;

namespace Sclip.Contracts;

/// <summary>What became of one picture: a line of <c>results.jsonl</c>.</summary>
public record ImageResult
{
    /// <summary>The picture's name, '/' between its folders.</summary>
    public required string Image { get; init; }

    /// <summary>Whether it was labelled.</summary>
    public required ImageStatus Status { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Why it failed without the picture's name, as a job counts its failures.</summary>
    [JsonIgnore]
    public string? CountedError => Error?.Replace($"'{JobNames.Shown(Image)}'", "'…'", StringComparison.Ordinal);

    /// <summary>The kind of failure, one of <see cref="FailureReasons"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Name of its mask.</summary>
    public string? Mask { get; init; }

    /// <summary>Name of its overlay, where asked for.</summary>
    public string? Overlay { get; init; }

    /// <summary>Name of its class scores, where asked for.</summary>
    public string? Scores { get; init; }

    /// <summary>Name of its doubt map, where asked for: grey, 255 where the next class is as likely as the pixel's.</summary>
    public string? DoubtMap { get; init; }

    /// <summary>Name of its kept features, where asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Features { get; init; }

    /// <summary>Why its kept features were not used, and its pixels were labelled; null where they were labelled, or none were to be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FeaturesUnused { get; init; }

    /// <summary>Width in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Pixels of each class that occurs, by its name.</summary>
    public IReadOnlyDictionary<string, long>? Pixels { get; init; }

    /// <summary>Mean over all pixels of their doubt, 0..1: how little the best class is ahead of the next. Finds pictures that are labelled badly; earlier versions did not tell it.</summary>
    public double? Doubt { get; init; }

    /// <summary>The same over the pixels of each class that occurs, by its name.</summary>
    public IReadOnlyDictionary<string, double>? ClassDoubt { get; init; }

    /// <summary>Mean over all pixels of the score that won there, 0..1.</summary>
    public double? MeanConfidence { get; init; }

    /// <summary>Windows that were computed; 0 where kept features were labelled.</summary>
    public int? Windows { get; init; }

    /// <summary>Whether it was labelled by its kept features, without a look at its pixels.</summary>
    [JsonIgnore]
    public bool IsByFeatures => Status == ImageStatus.Ok && Windows == 0;

    /// <summary>Bytes of the picture's file, to see later whether it is still the same; where kept features were labelled and the file was not read, as it was planned.</summary>
    public long? InputBytes { get; init; }

    /// <summary>When the picture's file was last changed.</summary>
    public DateTimeOffset? InputModified { get; init; }

    /// <summary>The tag of the version that was labelled, where the store gives one.</summary>
    [JsonPropertyName("input_etag")]
    public string? InputETag { get; init; }

    /// <summary>Time spent on it.</summary>
    public ImageTimings? Timings { get; init; }

    /// <summary>Seconds that a worker was at it: decoding, segmenting, encoding.</summary>
    [JsonIgnore]
    public double WorkerSeconds => Timings is { } spent ? (spent.Decode + spent.Segment + spent.Encode) / 1000 : 0;

    /// <summary>Whether its mask is one that a person corrected: of that nothing is in doubt.</summary>
    [JsonIgnore]
    public bool IsCorrected => Status == ImageStatus.Ok && ClassDoubt is { Count: 0 };

    /// <summary>What tells its picture from another of the same name: size in pixels, and bytes of the file where they are known.</summary>
    [JsonIgnore]
    public string PictureKey => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height} {InputBytes}");

    /// <summary>The result as a line of JSON, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, Json.Default.ImageResult);

    /// <summary>
    /// A digest of what a person sees of the result: how it ended, its size, and the pixels of each class. The same labels have the same one,
    /// whoever made them and however long it took.
    /// </summary>
    public string Digest()
    {
        var seen = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Status}\n{Error}\n{Width}x{Height}");
        foreach (var (name, count) in (Pixels ?? new Dictionary<string, long>()).OrderBy(item => item.Key, StringComparer.Ordinal))
            seen.Append(CultureInfo.InvariantCulture, $"\n{name}\n{count}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(seen.ToString())).AsSpan(0, 8));
    }

    /// <summary>Reads a line; null where it is torn.</summary>
    public static ImageResult? TryParse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, Json.Default.ImageResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a picture ended.</summary>
public enum ImageStatus
{
    /// <summary>It has a mask.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It could not be labelled; the reason stands beside.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>Milliseconds that a picture took, stage by stage.</summary>
/// <param name="Fetch">Reading the file, or its kept features.</param>
/// <param name="Decode">Decoding and resizing.</param>
/// <param name="Segment">Its share of the engine's time.</param>
/// <param name="Encode">Mask and overlay.</param>
/// <param name="Upload">Writing mask, overlay, scores and features.</param>
public sealed record ImageTimings(double Fetch, double Decode, double Segment, double Encode, double Upload);
