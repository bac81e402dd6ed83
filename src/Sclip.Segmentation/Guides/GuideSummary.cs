namespace Sclip.Segmentation;

/// <summary>What a guide's directory holds, read from config.json and the headers of the weights alone.</summary>
public sealed record GuideSummary
{
    /// <summary>The architecture.</summary>
    public required GuideConfig Config { get; init; }

    /// <summary>Types that the weights are stored in, such as <c>F16</c>, the most frequent first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Number of weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>Reads a guide's directory; the weights themselves are not read.</summary>
    /// <exception cref="ModelFormatException">A file is missing, truncated, describes another architecture, or tells of fewer layers than there are.</exception>
    public static GuideSummary Read(string directory)
    {
        using var guide = GuideModel.Load(directory);
        var (types, parameters) = ModelSummary.Weigh(guide.Tensors);
        return new() { Config = guide.Config, Types = types, Parameters = parameters };
    }
}
