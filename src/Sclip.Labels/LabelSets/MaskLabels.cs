using System.Text.Encodings.Web;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Folders;

namespace Sclip.Labels;

/// <summary>The file beside masks that says what their values mean, in the form that <c>--labels</c> reads.</summary>
public static class MaskLabels
{
    /// <summary>What it is called.</summary>
    public const string FileName = "labels.json";

    /// <summary>The settings of a folder that an earlier version labelled, which hold the classes as well.</summary>
    private const string SettingsName = "sclip-settings.json";

    /// <summary>The file's content; a class's place in it is its value in masks.</summary>
    public static byte[] Write(IReadOnlyList<LabelClass> classes)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var label in classes)
                Write(json, label);
            json.WriteEndArray();
        }
        content.WriteByte((byte)'\n');
        return content.ToArray();
    }

    /// <summary>Reads the classes of a folder of masks; null where it does not tell them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="given">Those that are to stand for them; where there are any, what cannot be read is not told.</param>
    /// <exception cref="LabelSetException">The file is damaged, or is not that of the folder's masks.</exception>
    public static IReadOnlyList<LabelClass>? Read(string folder, IReadOnlyList<LabelClass>? given = null)
    {
        try
        {
            return ReadOwn(folder);
        }
        catch (LabelSetException) when (given is not null)
        {
            return null;
        }
    }

    /// <summary>Refuses names for the classes of masks that are the classes' own in another order: classes would be called by each other's names.</summary>
    /// <param name="own">The classes of the masks.</param>
    /// <param name="given">The names that are to stand for them.</param>
    /// <param name="ids">Values in the masks and what is read for them; null where all are read as they are.</param>
    /// <exception cref="LabelSetException">One is another class's.</exception>
    public static void RequireOrder(IReadOnlyList<LabelClass> own, IReadOnlyList<LabelClass> given, IReadOnlyDictionary<int, int>? ids = null)
    {
        var places = own.Index().ToDictionary(item => item.Item.Name, item => ids?.GetValueOrDefault(item.Index, item.Index) ?? item.Index, StringComparer.OrdinalIgnoreCase);
        foreach (var (index, label) in given.Index())
            if (places.TryGetValue(label.Name, out var place) && place != index)
                throw new LabelSetException($"--labels has '{label.Name}' as class {index}, and in the masks it is class {place}: classes would be called by each other's names. Give the names in the order of the masks, or other names.");
    }

    private static IReadOnlyList<LabelClass>? ReadOwn(string folder)
    {
        var file = Path.Combine(folder, FileName);
        var made = ReadSettings(Path.Combine(folder, FolderMarker.FileName), root => root.TryGetProperty("settings", out var settings) ? settings : default) ?? ReadSettings(Path.Combine(folder, SettingsName), root => root);
        if (!File.Exists(file))
            return made;
        var named = LabelSet.Load(file).Classes;
        // Names and their order alone: settings tell the background otherwise.
        if (made is null || named.Select(label => label.Name).SequenceEqual(made.Select(label => label.Name)))
            return named;
        var first = named.Zip(made).TakeWhile(pair => pair.First.Name == pair.Second.Name).Count();
        throw new LabelSetException(
            $"{file} is not of the masks beside it: class {first} is {Name(named)} there, and {Name(made)} in the masks. Remove the file, since the folder knows its classes without it; other names are given by --labels.");

        string Name(IReadOnlyList<LabelClass> classes) => first < classes.Count ? $"'{classes[first].Name}'" : "missing";
    }

    private static void Write(Utf8JsonWriter json, LabelClass label)
    {
        json.WriteStartObject();
        json.WriteString("name", label.Name);
        if (label.Synonyms.Count > 0)
        {
            json.WriteStartArray("synonyms");
            foreach (var synonym in label.Synonyms)
                json.WriteStringValue(synonym);
            json.WriteEndArray();
        }
        if (label.Color is { } color)
            json.WriteString("color", color.ToString());
        if (label.Background)
            json.WriteBoolean("background", true);
        json.WriteEndObject();
    }

    private static IReadOnlyList<LabelClass>? ReadSettings(string path, Func<JsonElement, JsonElement> find)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return find(document.RootElement) is { ValueKind: JsonValueKind.Object } settings && settings.TryGetProperty("labels", out var labels) ? LabelSet.Of(labels.Deserialize(Json.Default.IReadOnlyListLabelClass) ?? []).Classes : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or LabelSetException)
        {
            var reason = error switch
            {
                JsonException fault => $"it is damaged{JsonPlace.Of(fault)}",
                InvalidOperationException => "it is damaged",
                _ => error.Message.TrimEnd('.'),
            };
            throw new LabelSetException($"The classes cannot be read from {path}: {reason}. Give them by --labels.", error);
        }
    }
}
