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
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LabelClass> value, JsonSerializerOptions options)
    {
        // By hand: what is put together of names must not be read back as one.
        writer.WriteStartArray();
        foreach (var label in value)
        {
            writer.WriteStartObject();
            writer.WriteString("name", label.Name);
            writer.WriteStartArray("synonyms");
            foreach (var synonym in label.Synonyms)
                writer.WriteStringValue(synonym);
            writer.WriteEndArray();
            if (label.Color is { } color)
                writer.WriteString("color", color.ToString());
            writer.WriteBoolean("background", label.Background);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
