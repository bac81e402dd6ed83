using System.Text.Json;
using Sclip.Contracts;

namespace Sclip.Labels;

/// <summary>COCO's <c>categories</c>, in the order of their ids; of an annotation file of any size, which is read up to them.</summary>
internal static class CocoLabels
{
    private const string Form = "COCO categories";

    /// <summary>Whether a file is an object in JSON that is too large to be held.</summary>
    public static bool IsLarge(string path)
    {
        if (new FileInfo(path).Length <= TextFile.LargestFile)
            return false;
        using var stream = TextFile.Open(path);
        int next;
        while ((next = stream.ReadByte()) is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF)
        {
        }
        return next == '{';
    }

    /// <exception cref="LabelSetException">The file is damaged before its categories, or has none.</exception>
    public static LabelDraft Read(string path)
    {
        using var stream = TextFile.Open(path);
        var buffer = new byte[1 << 20];
        var (length, state, found) = (0, default(JsonReaderState), false);
        try
        {
            while (true)
            {
                var read = stream.Read(buffer, length, buffer.Length - length);
                length += read;
                var start = state.Equals(default(JsonReaderState)) && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
                var reader = new Utf8JsonReader(buffer.AsSpan(start, length - start), isFinalBlock: read == 0, state);
                while (!found && reader.Read())
                    found = reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("categories"u8);
                if (found && JsonDocument.TryParseValue(ref reader, out var categories))
                    using (categories)
                        return categories.RootElement.ValueKind == JsonValueKind.Array
                            ? Of([.. categories.RootElement.EnumerateArray()], path)
                            : throw new LabelSetException($"{path}: 'categories' must be an array.");
                if (read == 0)
                    throw new LabelSetException($"{path}: a large JSON file without 'categories'; of such files those of COCO alone are read.");
                var consumed = start + (int)reader.BytesConsumed;
                state = reader.CurrentState;
                buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
                length -= consumed;
                // A token, or the categories themselves, may be larger than what is held.
                if (length == buffer.Length && length < TextFile.LargestFile)
                    Array.Resize(ref buffer, 2 * length);
                else if (length == buffer.Length)
                    throw new LabelSetException($"{path}: a value in it is larger than {TextFile.LargestFile} bytes.");
            }
        }
        catch (JsonException error)
        {
            throw new LabelSetException($"{path}, line {error.LineNumber + 1}: not valid JSON.", error);
        }
    }

    /// <exception cref="LabelSetException">An element is no category.</exception>
    public static LabelDraft Of(JsonElement[] elements, string source) => NumberedLabels.Draft(Form, elements.Select((element, i) =>
    {
        var place = $"element {i + 1}";
        var where = $"{source}, {place}";
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("name", out var name))
            throw new LabelSetException($"{where}: 'name' is missing.");
        return element.TryGetProperty("id", out var number) && Ids.Of(number) is { } id
            ? (id, new LabelClass { Name = JsonText.Of(name, $"{where}, name"), Color = JsonColor.In(element, where) }, place)
            : throw new LabelSetException($"{where}: 'id' must be a whole number from 0.");
    }), source);
}
