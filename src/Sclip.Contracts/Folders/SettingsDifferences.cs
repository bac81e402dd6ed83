using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;

namespace Sclip.Contracts.Folders;

/// <summary>In what two settings documents differ, in words: what stands there, and what was asked for now.</summary>
public static class SettingsDifferences
{
    private const int MostNames = 10, MostElements = 6;

    /// <summary>A text for each setting that differs, with both values; none where they are alike.</summary>
    /// <param name="there">The settings of what is there.</param>
    /// <param name="now">Those that were asked for.</param>
    /// <remarks><c>model_name</c> tells what <c>model</c>, a fingerprint, is called, and is no setting itself: a model may lie anywhere. So does <c>guide_name</c>.</remarks>
    public static string[] Of(JsonObject there, JsonObject now) => [.. Of("", there, now)];

    /// <summary>The same of the settings alone that are given now: what is null or missing there is not asked for.</summary>
    public static string[] OfGiven(JsonObject there, JsonObject given)
    {
        var (kept, asked) = (new JsonObject(), new JsonObject());
        foreach (var (key, value) in given.Where(item => item.Value is not null))
            (kept[key], asked[key]) = (there[key]?.DeepClone(), value!.DeepClone());
        return Of(kept, asked);
    }

    private static IEnumerable<string> Of(string above, JsonObject there, JsonObject now) =>
        there.Select(item => item.Key).Union(now.Select(item => item.Key))
            .Where(key => key is not ("model_name" or "guide_name") && !JsonNode.DeepEquals(there[key], now[key]))
            .SelectMany(key => (there[key], now[key]) switch
            {
                (JsonObject one, JsonObject other) => Of($"{above}{key}.", one, other),
                (JsonObject one, null) => Of($"{above}{key}.", one, []),
                (null, JsonObject other) => Of($"{above}{key}.", [], other),
                (JsonArray one, JsonArray other) when key == "labels" => Labels(one, other),
                // A fingerprint of names, which says nothing to a person.
                _ when key == "picture_names" => ["pictures: others by name there than now"],
                (JsonArray or null, JsonArray or null) => [$"{above}{Name(key)}: {Elements(there[key] as JsonArray, now[key] as JsonArray)}"],
                var (one, other) => [$"{above}{key}: {Value(there, key, one)} there, {Value(now, key, other)} now"],
            });

    /// <summary>What a person calls a setting; documents of benchmarks keep the key that they began with.</summary>
    private static string Name(string key) => key == "ways" ? "methods" : key;

    private static IEnumerable<string> Labels(JsonArray there, JsonArray now)
    {
        var (earlier, later) = (Classes(there), Classes(now));
        var (before, after) = (earlier.ToDictionary(item => item.Name), later.ToDictionary(item => item.Name));
        var (parts, colors) = (new List<string>(), new List<(string Class, string Values)>());
        if (earlier.Length != later.Length)
            parts.Add($"{earlier.Length} {(earlier.Length == 1 ? "class" : "classes")} there, {later.Length} now");
        Add("only there", earlier.Where(item => !after.ContainsKey(item.Name)));
        Add("only now", later.Where(item => !before.ContainsKey(item.Name)));
        foreach (var (index, (one, other)) in earlier.Zip(later).Index().Where(item => item.Item.First.Name != item.Item.Second.Name).Take(1))
            parts.Add($"class {index} is '{one.Name}' there, '{other.Name}' now");
        foreach (var one in earlier.Where(item => after.ContainsKey(item.Name)))
        {
            var other = after[one.Name];
            if (!one.Synonyms.SequenceEqual(other.Synonyms))
                parts.Add($"synonyms of '{one.Name}': {Names(one.Synonyms)} there, {Names(other.Synonyms)} now");
            if (one.Color != other.Color)
                colors.Add((one.Name, $"{one.Color?.ToString() ?? "not set"} there, {other.Color?.ToString() ?? "not set"} now"));
            if (one.Background != other.Background)
                parts.Add($"'{one.Name}' is {(one.Background ? "the" : "no")} background there, {(other.Background ? "the" : "no")} background now");
        }
        if (colors is [var first, ..])
            parts.Add($"{(colors.Count == 1 ? "colour of" : $"colours of {colors.Count} classes, such as")} '{first.Class}': {first.Values}");
        if (parts.Count > 0)
            yield return $"labels: {string.Join("; ", parts)}";

        void Add(string where, IEnumerable<LabelClass> classes)
        {
            if (classes.Any())
                parts.Add($"{where}: {Names([.. classes.Select(item => item.Name)])}");
        }
    }

    private static LabelClass[] Classes(JsonArray labels) => [.. labels.Deserialize(Json.Default.IReadOnlyListLabelClass)!.DistinctBy(item => item.Name)];

    private static string Names(IReadOnlyList<string> names) => names.Count == 0
        ? "none"
        : string.Join(", ", names.Take(MostNames).Select(name => $"'{name}'")) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static string Elements(JsonArray? there, JsonArray? now)
    {
        if (!(there?.Count > MostElements || now?.Count > MostElements))
            return $"{All(there)} there, {All(now)} now";
        var counts = $"{Count(there)} there, {Count(now)} now";
        if (there is null || now is null)
            return counts;
        var first = Enumerable.Range(0, Math.Max(there.Count, now.Count)).First(i => !JsonNode.DeepEquals(there.ElementAtOrDefault(i), now.ElementAtOrDefault(i)));
        return $"{counts} (the first that differs is number {first + 1}: {Text(there.ElementAtOrDefault(first))} there, {Text(now.ElementAtOrDefault(first))} now)";

        static string All(JsonArray? array) => array is null ? "not set" : array.Count == 0 ? "none" : string.Join(", ", array.Select(Text));

        static string Count(JsonArray? array) => array is null ? "not set" : array.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A value with what says more of it: a class's name beside its index, a model's beside its fingerprint.</summary>
    private static string Value(JsonObject settings, string key, JsonNode? value) => (key, value) switch
    {
        ("model" or "guide", JsonValue fingerprint) when (string?)settings[$"{key}_name"] is { } name => $"'{name}' (fingerprint {Start(fingerprint.ToString())})",
        // A matrix is told by its fingerprint alone: of a label run's method, or of a benchmark's by the method's name.
        (_, JsonValue fingerprint) when key == "projection" || DenseMethodNames.ReadsFile(key) => $"fingerprint {Start(fingerprint.ToString())}",
        ("background", JsonValue index) when index.TryGetValue(out int place) && settings["labels"] is JsonArray labels && labels.ElementAtOrDefault(place)?["name"] is { } name => $"class {place} '{name}'",
        _ => Text(value),
    };

    /// <summary>As much of a fingerprint as tells two apart.</summary>
    private static string Start(string fingerprint) => fingerprint.Length <= 12 ? fingerprint : $"{fingerprint[..12]}…";

    private static string Text(JsonNode? value) => value switch
    {
        null => "not set",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => $"'{text}'",
        _ => value.ToJsonString(),
    };
}
