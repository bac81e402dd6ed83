using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sclip.Labels;

/// <summary>Values in YAML, read as events, which have lines and no depth.</summary>
internal static class YamlText
{
    private const int MostDepth = 64;

    /// <summary>A parser that stands at the first value of a text.</summary>
    public static Parser Begin(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        return parser;
    }

    /// <summary>What is said of a text that the parser refuses.</summary>
    public static LabelSetException Invalid(YamlException error, string source) => new($"{source}, line {error.Start.Line}: not valid YAML: {error.InnerException?.Message ?? error.Message}", error);

    /// <exception cref="LabelSetException">The value is no text, or is empty.</exception>
    public static Scalar Of(Parser parser, string source)
    {
        RefuseAlias(parser, source);
        if (!parser.TryConsume<Scalar>(out var scalar))
            throw new LabelSetException($"{source}, {Place(parser.Current)}: must be a text.");
        // In YAML nothing is null, and no name of a class; a quoted one may be.
        return scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" ? throw new LabelSetException($"{source}, {Place(scalar)}: a name is empty.") : scalar;
    }

    /// <exception cref="LabelSetException">The value is no list of texts.</exception>
    public static string[] List(Parser parser, string source)
    {
        RefuseAlias(parser, source);
        if (!parser.TryConsume<SequenceStart>(out _))
            throw new LabelSetException($"{source}, {Place(parser.Current)}: must be a list of texts.");
        var texts = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            texts.Add(Of(parser, source).Value);
        return [.. texts];
    }

    /// <summary>Passes over a value and all that is in it.</summary>
    /// <exception cref="LabelSetException">It is nested too deeply.</exception>
    public static void Skip(Parser parser, string source)
    {
        var depth = 0;
        do
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MostDepth)
                throw new LabelSetException($"{source}, {Place(parser.Current)}: it is nested too deeply for a list of names.");
        }
        while (parser.MoveNext() && depth > 0);
    }

    public static string Place(ParsingEvent? at) => $"line {at?.Start.Line ?? 1}";

    /// <exception cref="LabelSetException">The value stands elsewhere.</exception>
    public static void RefuseAlias(Parser parser, string source)
    {
        if (parser.Current is AnchorAlias alias)
            throw new LabelSetException($"{source}, {Place(alias)}: *{alias.Value} stands for another part of the file (YAML's alias), which is not read; write out what is meant, or a name that begins with * in quotes.");
    }
}
