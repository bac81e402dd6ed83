using System.Diagnostics;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Segmentation.Attention;

namespace Sclip.Segmentation;

/// <summary>The registry of dense methods: what each of <see cref="DenseMethodNames"/> is.</summary>
public static class DenseMethods
{
    private static readonly Dictionary<string, Func<string, int, IDenseMethod>> Registry = new(StringComparer.Ordinal)
    {
        ["sclip"] = (_, _) => new CorrelativeSelfAttention(),
        ["clip"] = (_, _) => new ClipAttention(),
        ["maskclip"] = (_, _) => new MaskClipAttention(),
        ["sclip-q"] = (_, _) => new QueryAttention(),
        ["sclip-k"] = (_, _) => new KeyAttention(),
        ["sclip-identity"] = (_, _) => new IdentityProjectionAttention(),
        ["sclip-random"] = CreateRandom,
        ["sclip-projection"] = ReadProjection,
        ["clearclip"] = (_, _) => new ClearClipAttention(),
        ["naclip"] = (_, _) => new NeighbourAwareAttention(),
        ["vv"] = (_, _) => new ValueAttention(),
    };

    /// <summary>Names of what there is, without arguments.</summary>
    internal static IReadOnlyCollection<string> Registered => Registry.Keys;

    /// <summary>Checks a method's name and argument without building it.</summary>
    /// <exception cref="SegmentationException">There is no such method, or its argument is missing or wrong.</exception>
    public static void Validate(string method)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        if (DenseMethodNames.ReadsFile(method) && DenseMethodNames.Split(method).Argument is var file && !File.Exists(file))
            throw new SegmentationException($"The projection file {file} of method '{method}' does not exist.");
    }

    internal static IDenseMethod Create(string method, int width)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        var (name, argument) = DenseMethodNames.Split(method);
        return Registry[name](argument, width);
    }

    private static ProjectedAttention CreateRandom(string argument, int width) =>
        DenseMethodNames.TryParseRandom(argument, out var count, out var seed)
            ? ProjectedAttention.Random(count, width, seed)
            : throw new UnreachableException();

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
