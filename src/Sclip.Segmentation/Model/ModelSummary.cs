using Sclip.Segmentation.Text;

namespace Sclip.Segmentation;

/// <summary>What a model directory holds, read from its small files and the headers of the weights alone.</summary>
public sealed record ModelSummary
{
    /// <summary>The architecture.</summary>
    public required ClipConfig Config { get; init; }

    /// <summary>The layout of the directory, in words.</summary>
    public required string Layout { get; init; }

    /// <summary>The files that the tokeniser is read from, or what it is where there are none, in words.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>Tokens of the tokeniser.</summary>
    public required int Tokens { get; init; }

    /// <summary>Types that the weights are stored in, such as <c>F16</c>, the most frequent first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Reads a model directory; the weights themselves are not read.</summary>
    /// <exception cref="ModelFormatException">A file is missing, truncated, describes another architecture, or tells of fewer layers than there are.</exception>
    public static ModelSummary Read(string directory)
    {
        var config = ClipConfig.Load(directory);
        using var tensors = SafeTensors.OpenDirectory(directory);
        config.Trained?.Rename(tensors, config);
        config.RequireAllLayers(tensors);
        if (config.Trained is null)
            HuggingFaceTensors.RefuseUnknown(tensors, config);
        var (types, parameters) = Weigh(tensors);
        return new()
        {
            Config = config,
            Layout = $"{ModelDirectory.LayoutOf(directory)}{(tensors.IsConverted ? ", converted from a checkpoint of PyTorch" : "")}",
            Tokenizer = BytePairVocabulary.PathsIn(directory) is { Length: > 0 } paths ? string.Join(" and ", paths.Select(Path.GetFileName)) : "CLIP's own, which comes with the program",
            Tokens = BytePairVocabulary.Load(directory, config.VocabularySize, warn: null).Tokens.Count,
            Types = types,
            Parameters = parameters,
        };
    }

    /// <summary>The types that weights are stored in, the most frequent first, and how many weights there are.</summary>
    internal static (IReadOnlyList<string> Types, long Parameters) Weigh(SafeTensors tensors)
    {
        // Buffers of whole numbers, such as position ids, are no weights.
        var weights = tensors.Names.Select(name => (Type: tensors.TypeOf(name), Count: tensors.Count(name)))
            .Where(tensor => SafeTensorHeader.BytesOf(tensor.Type) > 0)
            .ToLookup(tensor => tensor.Type, tensor => tensor.Count);
        return ([.. weights.OrderByDescending(type => type.Sum()).Select(type => type.Key)], weights.Sum(type => type.Sum()));
    }
}
