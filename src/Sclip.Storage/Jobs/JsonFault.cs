using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>What is wrong with a JSON text, for one who knows the document and not the code that reads it.</summary>
public static partial class JsonFault
{
    /// <summary>The fault in a sentence: the place or the member it is in, and what is wrong with that.</summary>
    /// <param name="error">The fault.</param>
    /// <param name="lines">Lines of the document before the text.</param>
    public static string Describe(JsonException error, int lines = 0)
    {
        var (message, member) = (error.Message, error.Path is { Length: > 1 } path ? path : "it");
        return Shown(message switch
        {
            _ when message.StartsWith("Duplicate propert", StringComparison.Ordinal) => $"{member}: {JsonReason.Of(error) ?? "a key is there twice"}.",
            _ when JsonReason.Of(error) is { } reason => $"it is not JSON{JsonPlace.Of(error, lines)}: {reason}.",
            _ when message.Contains("could not be mapped", StringComparison.Ordinal) => $"{member} is unknown.",
            _ when message.Contains("null values", StringComparison.Ordinal) => $"{member} must not be null.",
            _ when Converted().Match(message) is { Success: true, Groups: [_, var type] } => $"{member} {Kind(Wanted(type.Value, member), error.InnerException)}.",
            _ when Missing().Match(message) is { Success: true, Groups: [_, var names] } => $"{(member == "it" ? "" : $"{member}: ")}{names.Value} {(names.Value.Contains(',', StringComparison.Ordinal) ? "are" : "is")} missing.",
            _ => TypeName().Replace(message.Split(" Path: ")[0], "it"),
        });
    }

    /// <summary>The type that a member must be of. Messages name it or, where the text was read at once, the type of the object around.</summary>
    private static string Wanted(string type, string member)
    {
        var name = member[(member.LastIndexOf('.') + 1)..];
        var around = typeof(Json).Assembly.GetType(type)?.GetProperties() ?? [];
        return around.FirstOrDefault(property => (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)) == name)?.PropertyType.ToString() ?? type;
    }

    private static string Kind(string type, Exception? inner) => (Optional().Match(type) is { Success: true, Groups: [_, var value] } ? value.Value : type) switch
    {
        "System.String" when inner is InvalidOperationException && inner.Message.Contains("UTF", StringComparison.Ordinal) => "is no valid Unicode",
        "System.String" => "must be a text",
        "System.Boolean" => "must be true or false",
        "System.Int32" when inner is FormatException => $"must be a whole number of at most {int.MaxValue}",
        "System.Int32" or "System.Int64" => "must be a whole number",
        "System.Double" => "must be a number",
        "System.DateTimeOffset" => "must be a time, such as 2026-01-31T12:00:00Z",
        var list when list.Contains("List`", StringComparison.Ordinal) => "must be an array",
        var other when typeof(Json).Assembly.GetType(other) is { IsEnum: true } names => $"must be one of {string.Join(", ", Enum.GetNames(names).Select(name => name.ToLowerInvariant()))}",
        _ => "must be an object",
    };

    private static string Shown(string text) => string.Concat(text.Take(500).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    [GeneratedRegex(@"could not be converted to (.+?)\.(?: |$)", RegexOptions.Singleline)]
    private static partial Regex Converted();

    [GeneratedRegex(@"^System\.Nullable`1\[(.+)\]$")]
    private static partial Regex Optional();

    [GeneratedRegex(@"missing required properties including: (.+?)\.?(?: Path: |$)")]
    private static partial Regex Missing();

    [GeneratedRegex(@"type '[^']*'|'?\b(System|Sclip)\.[A-Za-z.]+'?")]
    private static partial Regex TypeName();
}
