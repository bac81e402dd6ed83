using System.Text.Json;

namespace Sclip.Labels;

/// <summary>
/// Reads label sets as people have them. The form is told by the content, whatever the file is called; what is no list of names is refused
/// with its line.
/// </summary>
public static class LabelReader
{
    /// <summary>Reads an existing file, else names as they are written on a command line: <c>cat, dog</c>, or a text in any of the forms.</summary>
    /// <exception cref="LabelSetException">The file cannot be read, it is no list of names, or the classes cannot be used.</exception>
    public static ReadLabels Load(string fileOrNames)
    {
        if (File.Exists(fileOrNames))
            return LoadFile(fileOrNames);
        if (Directory.Exists(fileOrNames))
            throw new LabelSetException($"{fileOrNames} is a folder; give a file of class names, or the names themselves: \"cat, dog\".");
        if (IsMarkup(fileOrNames) || fileOrNames.AsSpan().ContainsAny('\n', '\r'))
            return Parse(fileOrNames, "labels");
        return PathText.Refusal(fileOrNames) is { } reason ? throw new LabelSetException(reason) : Finish(TextLabels.ParseNames(fileOrNames, "labels"), "labels");
    }

    /// <summary>Reads a text in any of the forms.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="LabelSetException">It is no list of names, or the classes cannot be used.</exception>
    public static ReadLabels Parse(string text, string source)
    {
        try
        {
            return Finish(Draft(text, source), source);
        }
        catch (LabelSetException error) when (Markdown.Refusal(text, source) is { } refusal)
        {
            throw new LabelSetException(refusal, error);
        }
    }

    /// <summary>Reads the content of a file in any of the forms.</summary>
    /// <param name="content">Text in UTF-8, or UTF-16 where it says so.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="LabelSetException">It is no text, no list of names, or the classes cannot be used.</exception>
    public static ReadLabels Parse(byte[] content, string source) => Parse(TextFile.Decode(content, source), source);

    /// <summary>Reads a value in any of the forms in JSON.</summary>
    /// <param name="value">The value.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="LabelSetException">It is no list of names, or the classes cannot be used.</exception>
    public static ReadLabels OfJson(JsonElement value, string source) => Finish(JsonLabels.Of(value, source), source);

    private static ReadLabels LoadFile(string path)
    {
        if (CocoLabels.IsLarge(path))
            return Finish(CocoLabels.Read(path), path);
        var text = TextFile.Read(path);
        return TextFile.IsJson(path) ? Finish(JsonLabels.Parse(text, path), path) : Parse(text, path);
    }

    private static ReadLabels Finish(LabelDraft draft, string source) => new(LabelSet.Create(source, draft.Classes, draft.Notes), draft.Form, draft.Notes);

    private static LabelDraft Draft(string text, string source)
    {
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
            return JsonLabels.Parse(text, source);
        if (text.AsSpan().TrimStart() is ['<', ..])
            return LabelStudioLabels.Parse(text, source);
        var lines = TextFile.Lines(text);
        if (PbtxtLabels.Is(lines))
            return PbtxtLabels.Parse(lines, source);
        if (VocLabels.Is(lines))
            return VocLabels.Parse(lines, source);
        if (TableLabels.Find(lines) is { } table)
            return TableLabels.Parse(lines, table, source);
        if (ColorLines.Is(lines))
            return ColorLines.Parse(lines, source);
        return YamlLabels.Is(lines) ? YamlLabels.Parse(text, source) : TextLabels.Parse(lines, source);
    }

    private static bool IsMarkup(string text) => text.AsSpan().TrimStart() is ['{' or '[' or '<', ..];
}
