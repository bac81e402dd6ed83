using System.IO.Compression;
using System.Text;

namespace Sclip.Segmentation.Text;

/// <summary>
/// CLIP's own vocabulary, which OpenCLIP's models take where they bring none: the merges that its authors use of <c>bpe_simple_vocab_16e6.txt</c>, from
/// which the tokens follow. Its licence is beside it.
/// </summary>
internal static class ClipVocabulary
{
    private const string Resource = "clip-merges.txt.gz", Name = "CLIP's own vocabulary";

    /// <param name="directory">The model, for messages.</param>
    /// <param name="vocabularySize">Tokens that the model has embeddings of.</param>
    /// <exception cref="ModelFormatException">It has fewer than this vocabulary.</exception>
    public static BytePairVocabulary Read(string directory, int vocabularySize)
    {
        using var resource = typeof(ClipVocabulary).Assembly.GetManifestResourceStream(Resource)!;
        using var text = new StreamReader(new GZipStream(resource, CompressionMode.Decompress), Encoding.UTF8);
        // The first line is its version.
        var merges = text.ReadToEnd().TrimEnd('\n').Split('\n')[1..].Select(line => line.Split(' ')).Select(symbols => (symbols[0], symbols[1])).ToList();
        string[] bytes = [.. Characters('!', 94), .. Characters(0xA1, 12), .. Characters(0xAE, 82), .. Characters(0x100, 68)];
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in (IEnumerable<string>)[.. bytes, .. bytes.Select(symbol => symbol + BytePairEncoder.EndOfWord), .. merges.Select(merge => merge.Item1 + merge.Item2), ClipTokenizer.StartOfText, ClipTokenizer.EndOfText])
            tokens.Add(token, tokens.Count);
        if (tokens.Count > vocabularySize)
            throw new ModelFormatException($"{directory}: the model has embeddings of {vocabularySize} tokens, and {Name}, which is taken where a model brings none, has {tokens.Count}; lay its vocab.json and merges.txt into it.");
        return new() { Path = Name, TokensName = Name, MergesName = Name, Tokens = tokens, Merges = merges, PlaceOf = rank => $"{Name}, merge {rank}" };

        // The symbols of bytes: those that print as themselves come first.
        static IEnumerable<string> Characters(int first, int count) => Enumerable.Range(first, count).Select(code => ((char)code).ToString());
    }
}
