using System.Text.Encodings.Web;
using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>The file beside masks that says what their values mean, in the form that <c>--labels</c> reads.</summary>
public static class MaskLabels
{
    /// <summary>What it is called.</summary>
    public const string FileName = "labels.json";

    /// <summary>The settings of a labelled folder, which hold the classes as well; folders of earlier versions have nothing else.</summary>
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
    /// <exception cref="LabelSetException">The file is damaged.</exception>
    public static IReadOnlyList<LabelClass>? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? LabelSet.Load(file).Classes : ReadSettings(Path.Combine(folder, SettingsName));
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

    private static IReadOnlyList<LabelClass>? ReadSettings(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllText(path));
            return settings.RootElement.TryGetProperty("labels", out var labels) ? LabelSet.Of(labels.Deserialize(Json.Default.IReadOnlyListLabelClass) ?? []).Classes : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or LabelSetException)
        {
            throw new LabelSetException($"The classes cannot be read from {path}: {error.Message.TrimEnd('.')}. Give them by --labels.");
        }
    }
}
