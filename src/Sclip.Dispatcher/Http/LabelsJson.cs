using System.Text.Json;
using System.Text.Json.Serialization;
using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Dispatcher.Http;

/// <summary>Classes in a request: any of the forms in JSON that <see cref="LabelReader"/> reads. They are written in ours.</summary>
internal sealed class LabelsJson : JsonConverter<IReadOnlyList<LabelClass>>
{
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

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<LabelClass> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.ToArray(), options);
}
