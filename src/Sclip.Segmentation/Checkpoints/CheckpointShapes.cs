using System.Globalization;

namespace Sclip.Segmentation.Checkpoints;

/// <summary>The names and shapes of a checkpoint's tensors, which tell sizes of its architecture.</summary>
/// <param name="path">The file, for errors.</param>
/// <param name="shapes">The shapes.</param>
internal sealed class CheckpointShapes(string path, IReadOnlyDictionary<string, int[]> shapes)
{
    /// <summary>Width of a head of OpenAI's models, which no shape tells.</summary>
    public const int HeadWidth = 64;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Whether a tensor is there.</summary>
    public bool Has(string name) => shapes.ContainsKey(name);

    /// <summary>The first tensor of those whose names begin so; null where there is none.</summary>
    public string? FirstBelow(string prefix) => shapes.Keys.FirstOrDefault(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>A tensor's shape, which has so many axes.</summary>
    /// <exception cref="ModelFormatException">It is missing, or has others.</exception>
    public int[] Of(string name, int axes) => !shapes.TryGetValue(name, out var shape)
        ? throw new ModelFormatException($"{path}: tensor {name} is missing; is it a CLIP with OpenAI's names?")
        : shape.Length == axes ? shape : throw new ModelFormatException($"{path}: {name} has shape [{string.Join(", ", shape)}]; that of a CLIP ViT has {axes} axes.");

    /// <summary>Heads of a tower of this width.</summary>
    /// <param name="width">Width of a token.</param>
    /// <param name="config">The file that would tell them.</param>
    /// <exception cref="ModelFormatException">It is no multiple of a head's.</exception>
    public int Heads(int width, string config) => width >= HeadWidth && width % HeadWidth == 0
        ? width / HeadWidth
        : throw new ModelFormatException($"{path}: a tower's width is {width}, no multiple of {HeadWidth}, which is the width of a head of OpenAI's models; lay the model's {config} beside it, which tells its heads.");

    /// <summary>The numbers that follow a prefix, such as those of blocks.</summary>
    public IReadOnlyList<int> Numbers(string prefix) => [.. shapes.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(name => int.TryParse(name.AsSpan(prefix.Length, Math.Max(name.IndexOf('.', prefix.Length), prefix.Length) - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
        .Where(number => number >= 0).Distinct().Order()];

    /// <summary>Side of the native grid of positions, a class token's in front.</summary>
    public static int Grid(int positions) => (int)Math.Round(Math.Sqrt(Math.Max(positions - 1, 0)));
}
