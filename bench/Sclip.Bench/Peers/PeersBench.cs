using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Sclip.Segmentation;
using Sclip.Segmentation.TorchSharp;
using static global::TorchSharp.torch;

namespace Sclip.Bench.Peers;

/// <summary>
/// Windows a second of the dense forward pass, ours and others', on the same weights and pixels in one process, in turns with ONNX Runtime: a
/// ratio is to its turns just before and just after, as the machine's own rate wanders.
/// </summary>
internal static class PeersBench
{
    private const double TurnSeconds = 1.5;

    /// <summary>Measures all; false where one of them computes something else.</summary>
    public static bool Run(string model, string onnx, int rounds, int[] threadCounts, int[] batches)
    {
        Console.WriteLine(Processor.Describe());
        // Weights for the others; ours packs them itself.
        using var clip = ClipModel.Load(model, 1, packVision: false);
        VisionGraph.Write(onnx, clip.Tensors, clip.Config);
        var (bf16, libtorch) = (HasBf16(), Libtorch());
        Console.WriteLine("| threads | batch | engine | windows/s (best) | to ONNX Runtime | features differ by | processor time had |\n|---|---|---|---|---|---|---|");
        foreach (var threads in threadCounts)
        {
            using var reference = new OnnxPeer(onnx, threads);
            var others = Others(model, clip, bf16, libtorch, threads);
            try
            {
                foreach (var batch in batches.Select(count => WindowBatch.Random(count, clip.Config, clip.Normalisation)))
                    if (!Measure(reference, others, batch, threads, rounds))
                        return false;
            }
            finally
            {
                foreach (var other in others)
                    other.Dispose();
            }
        }
        return true;
    }

    private static IPeer[] Others(string model, ClipModel clip, bool bf16, TorchDevice? libtorch, int threads)
    {
        var others = new List<IPeer> { new OwnPeer(model, threads, EnginePrecision.Float32) };
        if (bf16)
            others.Add(new OwnPeer(model, threads, EnginePrecision.BFloat16));
        if (libtorch is not null)
            others.AddRange([new TorchPeer(clip, libtorch, threads, ScalarType.Float32), new TorchPeer(clip, libtorch, threads, ScalarType.BFloat16)]);
        return [.. others];
    }

    private static bool HasBf16()
    {
        try
        {
            var managed = ManagedPrecision.Of(EnginePrecision.BFloat16);
            if (managed.Warning is { } warning)
                Console.WriteLine(warning);
            return managed.Precision == EnginePrecision.BFloat16;
        }
        catch (DeviceException absent)
        {
            Console.WriteLine($"without our bf16: {absent.Message}");
            return false;
        }
    }

    private static TorchDevice? Libtorch()
    {
        try
        {
            return TorchDevice.Cpu();
        }
        catch (DeviceException absent)
        {
            Console.WriteLine($"without libtorch: {absent.Message}");
            return null;
        }
    }

    private static bool Measure(OnnxPeer reference, IPeer[] others, WindowBatch batch, int threads, int rounds)
    {
        foreach (var peer in (IPeer[])[reference, .. others])
        {
            peer.Take(batch);
            peer.Forward();
        }
        var differences = Array.ConvertAll(others, other => Difference(other.Features, reference.Features, batch.EmbeddingSize));
        for (var i = 0; i < others.Length; i++)
            if (!(differences[i] <= others[i].Tolerance))
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{others[i].Name}: its features differ from those of {reference.Name} by {differences[i]:G3} of their length, more than {others[i].Tolerance}: they compute different things, so there is no ratio."));
                return false;
            }

        // On a machine that others use, less than all: then the ratios say little.
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var referenceRates = new List<double> { Turn(reference, batch) };
        var (rates, ratios) = (Array.ConvertAll(others, _ => new List<double>()), Array.ConvertAll(others, _ => new List<double>()));
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < others.Length; i++)
            {
                rates[i].Add(Turn(others[i], batch));
                referenceRates.Add(Turn(reference, batch));
                ratios[i].Add(rates[i][^1] / ((referenceRates[^1] + referenceRates[^2]) / 2));
            }
        var share = (Environment.CpuUsage.TotalTime - used) / Stopwatch.GetElapsedTime(start) / threads;
        Row(reference.Name, referenceRates, "1", "");
        for (var i = 0; i < others.Length; i++)
            Row(others[i].Name, rates[i], Medians.Of(ratios[i]).ToString("F2", CultureInfo.InvariantCulture), differences[i].ToString("0.0e+0", CultureInfo.InvariantCulture));
        return true;

        void Row(string name, List<double> rates, string ratio, string difference) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {threads} | {batch.Count} | {name} | {Medians.Of(rates):F2} ({rates.Max():F2}) | {ratio} | {difference} | {share:P0} |"));
    }

    /// <summary>The greatest distance of a token's features from the reference's, of their length.</summary>
    private static double Difference(ReadOnlySpan<float> features, ReadOnlySpan<float> reference, int size)
    {
        var greatest = 0.0;
        for (var start = 0; start < reference.Length; start += size)
            greatest = Math.Max(greatest, TensorPrimitives.Distance(features.Slice(start, size), reference.Slice(start, size)) / TensorPrimitives.Norm(reference.Slice(start, size)));
        return greatest;
    }

    /// <summary>Windows a second, after a pass that brings back what the others' turns drove out of the caches.</summary>
    private static double Turn(IPeer peer, WindowBatch batch)
    {
        peer.Forward();
        var (start, passes) = (Stopwatch.GetTimestamp(), 0);
        for (; passes == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < TurnSeconds; passes++)
            peer.Forward();
        return passes * batch.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
