using Sclip.Contracts;

namespace Sclip.Exploration;

/// <summary>What was found in the pictures, over all of them; <see cref="ExplorationPage"/> shows it with the pictures.</summary>
public sealed class ExplorationFindings
{
    internal ExplorationFindings(ExplorationOptions options, IReadOnlyList<RgbColor> colors, IReadOnlyList<PictureFinding> pictures) =>
        (Options, Colors, Pictures) = (options, colors, pictures);

    /// <summary>The methods, from left to right.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The method that the figures of classes and names are of.</summary>
    public required string Method { get; init; }

    /// <summary>Each class, in the order of the label set.</summary>
    public required IReadOnlyList<ClassFinding> Classes { get; init; }

    /// <summary>Names that compete, the most contested first.</summary>
    public required IReadOnlyList<CompetingNames> Pairs { get; init; }

    /// <summary>Of each method the clusters, the largest first.</summary>
    public required IReadOnlyList<IReadOnlyList<ClusterFinding>> Clusters { get; init; }

    internal IReadOnlyList<RgbColor> Colors { get; }

    internal IReadOnlyList<PictureFinding> Pictures { get; }

    internal ExplorationOptions Options { get; }
}
