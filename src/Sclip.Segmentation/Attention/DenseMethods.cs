using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
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

    /// <summary>Checks a method's name and argument, and the file that it reads, without building it.</summary>
    /// <exception cref="SegmentationException">There is no such method, or its argument is missing or wrong.</exception>
    public static void Validate(string method)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        if (FileOf(method) is { } file)
            ReadMatrix(file);
    }

    /// <summary>Checks also that a method's file is of the width of a model.</summary>
    /// <exception cref="SegmentationException">There is no such method, or its argument is missing, wrong or another model's.</exception>
    public static void Validate(string method, ClipConfig model)
    {
        Validate(method);
        if (FileOf(method) is { } file)
            ReadProjection(file, model.Vision.Width);
    }

    /// <summary>A hash of the matrix that a method reads from a file, which masks depend on as they do on the method; null where it reads none.</summary>
    /// <exception cref="SegmentationException">The file cannot be read.</exception>
    public static string? ProjectionFingerprint(string method) =>
        FileOf(method) is { } file ? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ReadMatrix(file).Values.AsSpan()))) : null;

    /// <summary>The methods that a model fits, with the form of their argument.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<string> Fitting(ClipConfig model) => [.. DenseMethodNames.All.Where(form => Fits(DenseMethodNames.Split(form).Name, model))];

    internal static IDenseMethod Create(string method, int width)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        var (name, argument) = DenseMethodNames.Split(method);
        return Registry[name](argument, width);
    }

    /// <summary>Whether a model has what a method asks of it: all that there are ask for a last block.</summary>
    private static bool Fits(string name, ClipConfig model) => Registry.ContainsKey(name) && model.Vision.Layers >= 1;

    private static ProjectedAttention CreateRandom(string argument, int width) =>
        DenseMethodNames.TryParseRandom(argument, out var count, out var seed)
            ? ProjectedAttention.Random(count, width, seed)
            : throw new UnreachableException();

    private static string? FileOf(string method) => DenseMethodNames.ReadsFile(method) ? DenseMethodNames.Split(method).Argument : null;

    private static ProjectedAttention ReadProjection(string path, int width)
    {
        var (values, rows) = ReadMatrix(path);
        return rows == width
            ? new ProjectedAttention(values, width)
            : throw new SegmentationException($"The projection file {path} has shape [{rows}, {rows}]; this model's projection is [{width}, {width}].");
    }

    private static (float[] Values, int Width) ReadMatrix(string path)
    {
        if (!File.Exists(path))
            throw new SegmentationException($"The projection file {path} does not exist.");
        try
        {
            var (values, shape) = Npy.ReadSingle(path);
            if (shape is not [>= 1 and var rows, var columns] || rows != columns)
                throw new SegmentationException($"The projection file {path} has shape [{string.Join(", ", shape)}]; a projection is square, of the width of the model's vision transformer.");
            if (!TensorPrimitives.IsFiniteAll<float>(values))
                throw new SegmentationException($"The projection file {path} holds values that are no finite numbers.");
            return (values, rows);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SegmentationException($"The projection file {path} cannot be read: {error.Message}", error);
        }
    }
}
