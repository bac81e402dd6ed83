using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sclip.Contracts.Reviews;

/// <summary>Reads decisions by their names and nothing else: what is usual for such words takes two with a comma between for a third.</summary>
public sealed class ReviewDecisionJson : JsonConverter<ReviewDecision>
{
    /// <summary>The names, as <see cref="ReviewDecision"/> has its values in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<ReviewDecision>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>The name of one.</summary>
    public static string NameOf(ReviewDecision decision) => Names[(int)decision];

    /// <inheritdoc />
    public override ReviewDecision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (var (place, known) in Names.Index())
            if (known == name)
                return (ReviewDecision)place;
        // Without words of its own, the fault is told by the kind that the member must be of.
        throw new JsonException();
    }

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, ReviewDecision value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));
}
