using Sclip.Segmentation.Tests.GoldenVectors;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Guides;

/// <summary>A golden model with a small guide whose patches are smaller than its own, and by itself.</summary>
internal sealed class GuidedGoldenModel : IDisposable
{
    public static readonly string Name = Testing.Golden.Models.First();

    public GuidedGoldenModel()
    {
        new FakeGuide("dinov2").Fill().WriteTo(Folder.Path);
        Model = ClipModel.Load(Testing.Golden.ModelDirectory(Name), threads: 2, guide: Folder.Path);
    }

    /// <summary>Where the guide lies, and what else is written.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>The model alone.</summary>
    public GoldenModel Golden { get; } = new(Name);

    /// <summary>The model and the guide.</summary>
    public ClipModel Model { get; }

    /// <summary>A picture of noise, the same for a width and a seed.</summary>
    public static SegmentationInput Picture(int width, int height, int seed = 0, IFeatureSink? features = null)
    {
        var rgb = new byte[width * height * 3];
        new Random(width + seed).NextBytes(rgb);
        return new SegmentationInput { Rgb = rgb, Width = width, Height = height, OutputWidth = width, OutputHeight = height, Features = features };
    }

    public void Dispose()
    {
        Model.Dispose();
        Golden.Dispose();
        Folder.Dispose();
    }
}
