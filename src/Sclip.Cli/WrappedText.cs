namespace Sclip.Cli;

/// <summary>Texts in lines that no terminal has to cut.</summary>
internal static class WrappedText
{
    private const string Indent = "  ";

    /// <summary>A text in indented lines of a width, broken between words; a word that is longer is broken within.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var (room, line) = (Math.Max(1, width - Indent.Length), "");
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(word => word.Chunk(room)).Select(part => new string(part)))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return Indent + line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        if (line.Length > 0)
            yield return Indent + line;
    }
}
