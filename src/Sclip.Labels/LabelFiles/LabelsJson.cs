using System.Text.Json;
using System.Text.Json.Serialization;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>Classes in a request: any of the forms in JSON that <see cref="LabelReader"/> reads. They are written in ours.</summary>
public sealed class LabelsJson : JsonConverter<IReadOnlyList<LabelClass>>
{
    /// <inheritdoc />
    public override IReadOnlyList<LabelClass> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return LabelReader.OfJson(JsonSerializer.Deserialize<JsonElement>(ref reader, options), "labels").Set.Classes;
        }
        catch (JsonException error)
        {
            throw new JsonException($"labels: {JsonReason.Of(error) ?? error.Message}.", error);
        }
        catch (LabelSetException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LabelClass> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Select(label => new Written(label.Name, label.Synonyms, label.Color, label.Background)).ToArray(), options);

    /// <summary>A class by the keys that are read, so that what was answered may be sent.</summary>
    private sealed record Written(string Name, IReadOnlyList<string> Synonyms, RgbColor? Color, bool Background);
}
