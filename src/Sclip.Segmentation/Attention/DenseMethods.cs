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
    private static readonly Dictionary<string, Func<string, ClipConfig, IDenseMethod>> Registry = new(StringComparer.Ordinal)
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
        ["cliptrase"] = (_, _) => new CliptraseAttention(),
        ["cliptrase:clusters"] = (_, _) => new CliptraseClusters(),
        ["clip-surgery"] = (_, _) => new ClipSurgery(features: false),
        ["clip-surgery+feature-surgery"] = (_, _) => new ClipSurgery(features: true),
        ["gem"] = (_, _) => new Gem(),
        ["sc-clip"] = (_, _) => new ScClip(),
        ["itaclip"] = (_, _) => new ItaClip(engineering: false),
        ["itaclip:image-engineering"] = (_, _) => new ItaClip(engineering: true),
    };

    // By name, since it follows the labels of kept features, too, for which no method is built.
    private static readonly HashSet<string> Closing = ["itaclip", "itaclip:image-engineering"];

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
        _ = Create(method, model);
    }

    /// <summary>Whether a picture's labels under this method come from its features and the names alone; where they do not, features cannot be kept.</summary>
    public static bool HasFeatures(string method, ClipConfig model) => Create(method, model) is { ReadsNames: false, FindsRegions: false };

    /// <summary>What is said where features of such a method are asked for.</summary>
    public static string NoFeatures(string method) => DenseMethodNames.TakesWholePicture(method)
        ? $"The regions that {method} finds in a picture are not in its features, so that they cannot be kept; keep those of {DenseMethodNames.Split(method).Name}."
        : $"The logits of {method} are more than cosines between a picture's features and the names, so that there are no features to keep; keep those of another method.";

    /// <summary>Whether the finished label maps of a method are closed (<see cref="PostProcessing.LabelMapClosing"/>).</summary>
    internal static bool ClosesLabelMap(string method) => Closing.Contains(method);

    /// <summary>A hash of the matrix that a method reads from a file, which masks depend on as they do on the method; null where it reads none.</summary>
    /// <exception cref="SegmentationException">The file cannot be read.</exception>
    public static string? ProjectionFingerprint(string method) =>
        FileOf(method) is { } file ? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ReadMatrix(file).Values.AsSpan()))) : null;

    internal static IDenseMethod Create(string method, ClipConfig model)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        var (name, argument) = DenseMethodNames.Split(method);
        var created = (Registry.GetValueOrDefault(method) ?? Registry[name])(argument, model);
        return created.Refusal(model) is { } unfit ? throw new SegmentationException($"The method {method} {unfit}") : created;
    }

    private static ProjectedAttention CreateRandom(string argument, ClipConfig model) =>
        DenseMethodNames.TryParseRandom(argument, out var count, out var seed)
            ? ProjectedAttention.Random(count, model.Vision.Width, seed)
            : throw new UnreachableException();

    private static string? FileOf(string method) => DenseMethodNames.ReadsFile(method) ? DenseMethodNames.Split(method).Argument : null;

    private static ProjectedAttention ReadProjection(string path, ClipConfig model)
    {
        var width = model.Vision.Width;
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
