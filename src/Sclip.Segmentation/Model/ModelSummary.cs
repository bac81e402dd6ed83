namespace Sclip.Segmentation;

/// <summary>What a model directory holds, read from config.json and the headers of the weights alone.</summary>
public sealed record ModelSummary
{
    /// <summary>The architecture.</summary>
    public required ClipConfig Config { get; init; }

    /// <summary>Types that the weights are stored in, such as <c>F16</c>, the most frequent first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Reads a model directory; the weights themselves are not looked at.</summary>
    /// <exception cref="ModelFormatException">A file is missing, truncated, describes another architecture, or tells of fewer layers than there are.</exception>
    public static ModelSummary Read(string directory)
    {
        var config = ClipConfig.Load(directory);
        using var tensors = SafeTensors.OpenDirectory(directory);
        config.RequireAllLayers(tensors);
        var (types, parameters) = Weigh(tensors);
        return new() { Config = config, Types = types, Parameters = parameters };
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
