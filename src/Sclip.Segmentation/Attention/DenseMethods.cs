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
        ["resclip"] = (_, _) => new ResClip(new NeighbourAwareAttention(), residual: true, new SemanticFeedback(decay: true)),
        ["resclip:rcs"] = (_, _) => new ResClip(new NeighbourAwareAttention(), residual: true, feedback: null),
        ["resclip:sfr"] = (_, _) => new ResClip(new NeighbourAwareAttention(), residual: false, new SemanticFeedback(decay: true)),
        ["resclip:del-off"] = (_, _) => new ResClip(new NeighbourAwareAttention(), residual: true, new SemanticFeedback(decay: false)),
        ["resclip:clearclip"] = (_, _) => new ResClip(new ClearClipAttention(), residual: true, new SemanticFeedback(decay: true)),
        ["resclip:sclip"] = (_, _) => new ResClip(new CorrelativeSelfAttention(), residual: true, new SemanticFeedback(decay: true)),
        ["gem"] = (_, _) => new Gem(),
        ["sc-clip"] = (_, _) => new ScClip(),
        ["itaclip"] = (_, _) => new ItaClip(engineering: false),
        ["itaclip:image-engineering"] = (_, _) => new ItaClip(engineering: true),
        ["rf-clip"] = (_, _) => new RfClip(),
        ["proxyclip"] = (_, _) => new ProxyClip(),
        ["lposs"] = (_, _) => new Lposs(),
    };

    // By name, since it follows the labels of kept features, too, for which no method is built.
    private static readonly HashSet<string> Closing = ["itaclip", "itaclip:image-engineering"];

    // Of models that bring their own.
    private static readonly Dictionary<string, TrainedMethod> Trained = new(StringComparer.Ordinal)
    {
        ["groupvit"] = new("GroupViT", ReadsNames: true),
        ["segclip"] = new("SegCLIP", ReadsNames: true),
        ["tcl"] = new("TCL", ReadsNames: true),
        ["eva-clipself"] = new("CLIPSelf/EVA02-CLIP", ReadsNames: false),
    };

    /// <summary>Names of what there is, without arguments.</summary>
    internal static IEnumerable<string> Registered => Registry.Keys.Concat(Trained.Keys);

    /// <summary>Checks a method's name and argument, and the file that it reads, without building it.</summary>
    /// <exception cref="SegmentationException">There is no such method, or its argument is missing or wrong.</exception>
    public static void Validate(string method)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        if (FileOf(method) is { } file)
            ReadMatrix(file);
    }

    /// <summary>Checks also that a method fits a model: that it is of its kind, that its file is of the model's width, and that there is a guide where it needs one.</summary>
    /// <param name="method">The method.</param>
    /// <param name="model">The model.</param>
    /// <param name="keepsFeatures">Whether features of pictures are to be kept, which then must hold for any names.</param>
    /// <exception cref="SegmentationException">There is no such method, its argument is missing, wrong or another model's, or it lacks its guide.</exception>
    public static void Validate(string method, ClipModel model, bool keepsFeatures = false)
    {
        Validate(method);
        if (Create(method, model) is { ReadsNames: true } or { FindsRegions: true } && keepsFeatures)
            throw new SegmentationException(NoFeatures(method));
    }

    /// <summary>What is said where features of such a method are asked for.</summary>
    public static string NoFeatures(string method) => DenseMethodNames.TakesWholePicture(method)
        ? $"The regions that {method} finds in a picture are not in its features, so that they cannot be kept; keep those of {DenseMethodNames.Split(method).Name}."
        : $"What {method} makes of a picture depends on the names, so that its features cannot be kept for others{(Trained.ContainsKey(method) ? "" : "; keep those of another method")}.";

    /// <summary>Whether the finished label maps of a method are closed (<see cref="PostProcessing.LabelMapClosing"/>).</summary>
    internal static bool ClosesLabelMap(string method) => Closing.Contains(method);

    /// <summary>A hash of the matrix that a method reads from a file, which masks depend on as they do on the method; null where it reads none.</summary>
    /// <exception cref="SegmentationException">The file cannot be read.</exception>
    public static string? ProjectionFingerprint(string method) =>
        FileOf(method) is { } file ? Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(ReadMatrix(file).Values.AsSpan()))) : null;

    /// <summary>The fingerprint of the guide that a method reads, which masks depend on as they do on the method; null where it reads none.</summary>
    public static string? GuideFingerprint(string method, ClipModel model) => DenseMethodNames.NeedsGuide(method) ? model.Guide?.Fingerprint : null;

    /// <summary>A method for a model, which has the guide that it needs.</summary>
    internal static IDenseMethod Create(string method, ClipModel model)
    {
        var created = Create(method, model.Config);
        if (DenseMethodNames.NeedsGuide(method))
            RequireGuide(method, model);
        return created;
    }

    /// <summary>The guide of a method that needs one.</summary>
    internal static GuideConfig RequireGuide(string method, ClipModel model) =>
        model.Guide?.Config ?? throw new SegmentationException(DenseMethodNames.GuideRefusal([method], guide: null)!);

    /// <summary>The methods that a model fits, with the form of their argument.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<string> Fitting(ClipConfig model) => model.OwnMethod is { } own
        ? [own]
        : [.. DenseMethodNames.All.Where(form => !Trained.ContainsKey(form) && (DenseMethodNames.Forms.Contains(form) || Registry[form]("", model).Refusal(model) is null))];

    internal static IDenseMethod Create(string method, ClipConfig model)
    {
        if (DenseMethodNames.Refusal(method) is { } refusal)
            throw new SegmentationException(refusal);
        var (name, argument) = DenseMethodNames.Split(method);
        var trained = Trained.GetValueOrDefault(method);
        if (trained?.Title != model.Trained?.Title)
            throw new SegmentationException($"The method {method} needs a {trained?.Title ?? "CLIP"} model; this is a {(model.Trained is { } own ? $"{own.Title} model, whose method is {own.Method}" : "CLIP model, which sclip and others fit")}.");
        if (trained is not null)
            return trained;
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
