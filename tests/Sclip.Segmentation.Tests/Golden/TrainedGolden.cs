using System.Text.Json.Nodes;
using Sclip.Imaging;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>One system's folder of golden vectors, found through its index, and what its networks compute on.</summary>
/// <param name="system">The folder.</param>
internal sealed class TrainedGolden(string system) : IDisposable
{
    private readonly Threads _threads = new(2);
    private ManagedAlgebra? _algebra;

    public JsonNode Index { get; } = GoldenSet.Trained.Read($"{system}/{system}.json");

    public ManagedAlgebra Algebra => _algebra ??= new(_threads);

    public Threads Threads => _threads;

    /// <summary>The only model of the folder.</summary>
    public string ModelDirectory { get; } = Directory.GetDirectories(GoldenSet.Trained.PathOf($"{system}/models")).Single();

    public static TheoryData<int> Pictures(string system) => [.. Enumerable.Range(0, GoldenSet.Trained.Read($"{system}/{system}.json")["vision"]!.AsArray().Count)];

    public (float[] Values, int[] Shape) Floats(JsonNode? relative) => GoldenSet.Trained.Floats($"{system}/{relative!.GetValue<string>()}");

    public byte[] Bytes(JsonNode? relative) => GoldenSet.Trained.Bytes($"{system}/{relative!.GetValue<string>()}").Values;

    public RgbImage Picture(JsonNode? relative) => ImageDecoder.Decode(File.ReadAllBytes(GoldenSet.Trained.PathOf($"{system}/{relative!.GetValue<string>()}")), ImageLimits.Default);

    /// <summary>A picture normalised by the index's mean and deviation, which are those of levels, <c>[3, height, width]</c>.</summary>
    public float[] Planes(RgbImage picture)
    {
        var (mean, deviation, pixels) = (Index["mean"]!.AsArray(), Index["std"]!.AsArray(), picture.Width * picture.Height);
        var planes = new float[3 * pixels];
        for (var channel = 0; channel < 3; channel++)
            for (var i = 0; i < pixels; i++)
                planes[channel * pixels + i] = (float)((picture.Pixels[i * 3 + channel] - mean[channel]!.GetValue<double>()) / deviation[channel]!.GetValue<double>());
        return planes;
    }

    public void Dispose()
    {
        _algebra?.Dispose();
        _threads.Dispose();
    }
}
