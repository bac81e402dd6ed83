using System.Text;
using System.Text.Json;

namespace Sclip.Segmentation.Text;

/// <summary>vocab.json, tokens and their ids, with merges.txt, a merge a line: how CLIP's vocabulary is stored up to version 4 of transformers.</summary>
internal static class VocabularyFiles
{
    public const string Tokens = "vocab.json", Merges = "merges.txt";

    public static string[] PathsIn(string directory) => [Path.Combine(directory, Tokens), Path.Combine(directory, Merges)];

    /// <summary>Whether both are there.</summary>
    public static bool AreIn(string directory) => PathsIn(directory).All(File.Exists);

    /// <exception cref="ModelFormatException">One is missing or corrupt.</exception>
    public static BytePairVocabulary Read(string directory, int vocabularySize)
    {
        var (path, mergesPath) = (Path.Combine(directory, Tokens), Path.Combine(directory, Merges));
        using var document = ModelFiles.ReadJson(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException($"{path}: not a JSON object of tokens and their ids.");
        var tokens = BytePairVocabulary.ReadTokens(path, document.RootElement, vocabularySize);
        var lines = Encoding.UTF8.GetString(ModelFiles.ReadBytes(mergesPath)).TrimEnd('\n', '\r').Split('\n');
        var first = lines[0].StartsWith("#version", StringComparison.Ordinal) ? 1 : 0;
        return new()
        {
            Path = path,
            TokensName = Tokens,
            MergesName = mergesPath,
            Tokens = tokens,
            Merges = [.. lines.Skip(first).Select((line, rank) => ReadMerge(line.TrimEnd('\r'), rank, PlaceOf))],
            PlaceOf = PlaceOf,
        };

        string PlaceOf(int rank) => $"{mergesPath}, line {first + rank + 1}";
    }

    /// <summary>Reads a merge that is one text.</summary>
    public static (string Left, string Right) ReadMerge(string text, int rank, Func<int, string> placeOf) => text.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right]
        ? (left, right)
        : throw new ModelFormatException($"{placeOf(rank)}: a merge is two symbols separated by a space.");
}
