using System.Text.Json;
using System.Text.Json.Serialization;
using Sclip.Contracts.Board;
using Sclip.Contracts.Folders;
using Sclip.Contracts.Jobs;
using Sclip.Contracts.Reviews;

namespace Sclip.Contracts;

/// <summary>The JSON form of the documents: snake_case, nothing written for null, members that are unknown or there twice refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true, Converters = [typeof(RgbColorJson)])]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JobPlan))]
[JsonSerializable(typeof(JobFailure))]
[JsonSerializable(typeof(JobWait))]
[JsonSerializable(typeof(JobSummary))]
[JsonSerializable(typeof(JobStatus))]
[JsonSerializable(typeof(JobStatus[]))]
[JsonSerializable(typeof(JobRequest))]
[JsonSerializable(typeof(JobEstimate))]
[JsonSerializable(typeof(ImageReference))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ShardDraft))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(FleetSummary))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(WorkerState[]))]
[JsonSerializable(typeof(WorkerDetail))]
[JsonSerializable(typeof(JobOutcome[]))]
[JsonSerializable(typeof(JobPriority))]
[JsonSerializable(typeof(FolderMarker))]
[JsonSerializable(typeof(ShardEntries<ReviewEntry>), TypeInfoPropertyName = "ReviewDocument")]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(ReviewOutcome[]))]
[JsonSerializable(typeof(ReviewSummary))]
[JsonSerializable(typeof(ReviewedImage))]
[JsonSerializable(typeof(Correction))]
[JsonSerializable(typeof(ShardEntries<Correction>), TypeInfoPropertyName = "CorrectionDocument")]
public sealed partial class Json : JsonSerializerContext
{
    /// <summary>Gives other options the same form.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new RgbColorJson());
        options.Converters.Add(new ReviewDecisionJson());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }
}

/// <summary>Colours as <c>"#rrggbb"</c>.</summary>
internal sealed class RgbColorJson : JsonConverter<RgbColor>
{
    public override RgbColor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && RgbColor.TryParse(reader.GetString(), out var color)
            ? color
            : throw new JsonException("a colour must be a text such as #ff8000.");

    public override void Write(Utf8JsonWriter writer, RgbColor value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
