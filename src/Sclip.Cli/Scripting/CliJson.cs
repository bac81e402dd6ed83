using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sclip.Cli.Doctor;
using Sclip.Cli.Jobs;
using Sclip.Cli.Labelling;
using Sclip.Cli.Models;
using Sclip.Cli.Reviewing;

namespace Sclip.Cli.Scripting;

/// <summary>The JSON of the commands that is no document of a job, in the same form: snake_case, nothing written for null.</summary>
/// <remarks>docs/json.md and docs/schemas describe it: what is added here is added there.</remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LabelSummary))]
[JsonSerializable(typeof(JobListing))]
[JsonSerializable(typeof(WatchEvent))]
[JsonSerializable(typeof(SubmitOutcome))]
[JsonSerializable(typeof(UploadOutcome))]
[JsonSerializable(typeof(ResultsOutcome))]
[JsonSerializable(typeof(ModelListing))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(ReviewExport))]
[JsonSerializable(typeof(CorrectionMeasures))]
[JsonSerializable(typeof(Diagnosis))]
internal sealed partial class CliJson : JsonSerializerContext;

/// <summary>Writes a document for programs.</summary>
internal static class JsonLines
{
    /// <summary>Writes it as one line, at once.</summary>
    public static async Task WriteJsonAsync<T>(this TextWriter output, T document, JsonTypeInfo<T> type)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(document, type));
        await output.FlushAsync();
    }
}
