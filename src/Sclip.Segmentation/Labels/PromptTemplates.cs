using System.Text.Json;

namespace Sclip.Segmentation;

/// <summary>Sentences around a class name, which stands for <c>{}</c>; a name's embedding is the mean over all of them.</summary>
public sealed partial record PromptTemplates
{
    private const string Placeholder = "{}";

    private PromptTemplates(IReadOnlyList<string> items) => Items = items;

    /// <summary>The templates, each with one <c>{}</c>.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>Templates from texts.</summary>
    /// <exception cref="LabelSetException">There are none, or one has not exactly one <c>{}</c>.</exception>
    public static PromptTemplates Of(IEnumerable<string> items) => Check("the templates", [.. items]);

    /// <summary>Reads templates from a file: one a line, or a JSON array of texts (<c>.json</c>).</summary>
    /// <exception cref="LabelSetException">The file cannot be read, is empty, or a template has not exactly one <c>{}</c>.</exception>
    public static PromptTemplates Load(string path)
    {
        var text = LabelFile.Read(path);
        if (!LabelFile.IsJson(path))
            return Check(path, [.. LabelFile.Lines(path, text)]);
        try
        {
            return Check(path, JsonSerializer.Deserialize(text, LabelJson.Default.StringArray) ?? []);
        }
        catch (JsonException error)
        {
            throw new LabelSetException($"{path}: not a JSON array of texts: {error.Message}", error);
        }
    }

    /// <summary>The prompt of a name.</summary>
    public string Fill(int index, string name) => Items[index].Replace(Placeholder, name, StringComparison.Ordinal);

    private static PromptTemplates Check(string source, string[] items)
    {
        if (items.Length == 0)
            throw new LabelSetException($"{source}: there is no template.");
        for (var i = 0; i < items.Length; i++)
            if ((items[i] ?? "").Split(Placeholder).Length != 2)
                throw new LabelSetException($"{source}: template {i + 1}, '{items[i]}', must hold {Placeholder} once, where the class name goes.");
        return new PromptTemplates(items);
    }
}
