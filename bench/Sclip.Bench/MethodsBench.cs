using System.Diagnostics;
using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Segmentation;

namespace Sclip.Bench;

/// <summary>
/// What a window costs by each dense method, as a Markdown table: through the engine, windows to label maps, in turns with sclip, so that the ratio holds on a
/// machine whose rate wanders.
/// </summary>
internal static class MethodsBench
{
    private const int Side = 224, Windows = 6, Names = 20;
    private const string Sclip = "sclip";

    /// <summary>Every method that fits the model; with a guide, those that need one.</summary>
    public static void Run(string model, string? guide, int threads, int rounds)
    {
        using var clip = ClipModel.Load(model, threads, guide: guide);
        using var engine = new ManagedSegmenter(clip);
        Compare(Time(engine, clip, Sclip), Methods(clip).Where(method => guide is null || DenseMethodNames.NeedsGuide(method)).Select(method => (method, Time(engine, clip, method))), rounds);
    }

    /// <summary>The own method of a model of another kind.</summary>
    public static void RunOwn(string model, string other, int threads, int rounds)
    {
        using var clip = ClipModel.Load(model, threads);
        using var engine = new ManagedSegmenter(clip);
        using var system = ClipModel.Load(other, threads);
        using var own = new ManagedSegmenter(system);
        Compare(Time(engine, clip, Sclip), [(system.Config.OwnMethod!, Time(own, system, system.Config.OwnMethod!))], rounds);
    }

    private static void Compare(Func<double> sclip, IEnumerable<(string Method, Func<double> Time)> methods, int rounds)
    {
        sclip();
        Console.WriteLine("""
            | method | ms a window | of sclip's | slowest | quickest |
            |---|---:|---:|---:|---:|
            """);
        foreach (var (method, time) in methods)
        {
            time();
            var (times, ratios) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var (before, own, after) = (sclip(), time(), sclip());
                times.Add(own / Windows);
                ratios.Add(2 * own / (before + after));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| `{method}` | {Medians.Of(times):F0} | {Medians.Of(ratios):F2} | {ratios.Max():F2} | {ratios.Min():F2} |"));
        }
    }

    /// <summary>What measures a call, in milliseconds.</summary>
    private static Func<double> Time(ManagedSegmenter engine, ClipModel model, string method)
    {
        var labels = Embeddings(model.Config.EmbeddingSize);
        var pictures = Enumerable.Range(0, Windows).Select(Picture).ToArray();
        // Each picture is one window, whole or cut out.
        var options = new SegmentationOptions { Method = method };
        options = DenseMethodNames.TakesWholePicture(method) ? options with { Crop = 0 } : options;
        return () =>
        {
            var start = Stopwatch.GetTimestamp();
            engine.Segment(pictures, labels, options);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        };
    }

    /// <summary>Those that fit the model alone: none that reads a file, one projection of those drawn by chance.</summary>
    private static IEnumerable<string> Methods(ClipModel model) => DenseMethodNames.All
        .Where(method => !DenseMethodNames.ReadsFile(method))
        .Select(method => DenseMethodNames.Split(method) is (var name, "N") ? $"{name}:1" : method)
        .Where(method => Fits(method, model));

    private static bool Fits(string method, ClipModel model)
    {
        try
        {
            DenseMethods.Validate(method, model);
            return true;
        }
        catch (SegmentationException refusal)
        {
            Console.Error.WriteLine(refusal.Message);
            return false;
        }
    }

    private static SegmentationInput Picture(int seed)
    {
        var pixels = new byte[Side * Side * 3];
        new Random(seed).NextBytes(pixels);
        return new SegmentationInput { Rgb = pixels, Width = Side, Height = Side, OutputWidth = Side, OutputHeight = Side };
    }

    private static LabelEmbeddings Embeddings(int dimension)
    {
        var values = new float[Names * dimension];
        var random = new Random(1);
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextDouble() - 0.5) * MathF.Sqrt(12f / dimension);
        return new LabelEmbeddings { Values = values, Dimension = dimension, ClassOfName = [.. Enumerable.Range(0, Names)], ClassCount = Names };
    }
}
