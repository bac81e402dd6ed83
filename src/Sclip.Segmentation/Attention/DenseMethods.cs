using System.Globalization;
using Sclip.Segmentation.Attention;

namespace Sclip.Segmentation;

/// <summary>The registry of dense methods: their names, as the literature has them.</summary>
public static class DenseMethods
{
    private const int MostProjections = 64;
    private const int LargestSeed = 9999;

    private static readonly (string Name, string Argument, Func<string, int, IDenseMethod> Create)[] Registry =
    [
        ("sclip", "", (_, _) => new CorrelativeSelfAttention()),
        ("clip", "", (_, _) => new ClipAttention()),
        ("maskclip", "", (_, _) => new MaskClipAttention()),
        ("sclip-q", "", (_, _) => new QueryAttention()),
        ("sclip-k", "", (_, _) => new KeyAttention()),
        ("sclip-identity", "", (_, _) => new IdentityProjectionAttention()),
        ("sclip-random", "N", CreateRandom),
        ("sclip-projection", "FILE", ReadProjection),
        ("clearclip", "", (_, _) => new ClearClipAttention()),
        ("naclip", "", (_, _) => new NeighbourAwareAttention()),
        ("vv", "", (_, _) => new ValueAttention()),
    ];

    /// <summary>All names, with the form of their argument; <c>sclip-random:N</c> may be followed by a seed, <c>sclip-random:N:SEED</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Registry.Select(entry => entry.Argument == "" ? entry.Name : $"{entry.Name}:{entry.Argument}")];

    /// <summary>Checks a method's name and argument without building it.</summary>
    /// <exception cref="SegmentationException">There is no such method, or its argument is missing or wrong.</exception>
    public static void Validate(string method)
    {
        var (name, argument, _) = Find(method);
        if (name == "sclip-random")
            ParseRandom(argument);
        if (name == "sclip-projection" && !File.Exists(argument))
            throw new SegmentationException($"The projection file {argument} of method '{method}' does not exist.");
    }

    internal static IDenseMethod Create(string method, int width)
    {
        var (_, argument, create) = Find(method);
        return create(argument, width);
    }

    private static (string Name, string Argument, Func<string, int, IDenseMethod> Create) Find(string method)
    {
        var colon = method.IndexOf(':', StringComparison.Ordinal);
        var (name, argument) = colon < 0 ? (method, "") : (method[..colon], method[(colon + 1)..]);
        foreach (var entry in Registry)
            if (entry.Name == name && entry.Argument == "" == (argument == ""))
                return (name, argument, entry.Create);
        throw new SegmentationException($"There is no method '{method}'; there are {string.Join(", ", Names)}.");
    }

    private static ProjectedAttention CreateRandom(string argument, int width)
    {
        var (count, seed) = ParseRandom(argument);
        return ProjectedAttention.Random(count, width, seed);
    }

    private static (int Count, int Seed) ParseRandom(string argument)
    {
        var seed = 0;
        return argument.Split(':') is [var first, .. var rest] && IsIn(first, 1, MostProjections, out var count) && (rest is [] || (rest is [var second] && IsIn(second, 0, LargestSeed, out seed)))
            ? (count, seed)
            : throw new SegmentationException($"sclip-random:N takes a number of projections in 1..{MostProjections}, sclip-random:N:SEED also a seed in 0..{LargestSeed}; it is '{argument}'.");
    }

    private static bool IsIn(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;

    private static ProjectedAttention ReadProjection(string path, int width)
    {
        try
        {
            var (values, shape) = Npy.ReadSingle(path);
            return shape is [var rows, var columns] && rows == width && columns == width
                ? new ProjectedAttention(values, width)
                : throw new SegmentationException($"{path} has shape [{string.Join(", ", shape)}]; this model's projection is [{width}, {width}].");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SegmentationException($"The projection file {path} cannot be read: {error.Message}", error);
        }
    }
}
