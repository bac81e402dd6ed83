using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Models;

/// <summary>Writes what <c>sclip model show</c> prints of a guide.</summary>
internal static class GuideReport
{
    /// <exception cref="ModelFormatException">The directory is no guide.</exception>
    public static void Show(string directory, TextWriter output)
    {
        var summary = GuideSummary.Read(directory);
        var config = summary.Config;
        Write("directory", directory);
        if (ModelSource.TryRead(directory) is { } source)
            Write("pulled", $"{source.Id} at {source.Commit} from {source.Endpoint}");
        Write("what it is", "a guide, for --guide of proxyclip and lposs; it knows no texts, and is no --model");
        Write("architecture", $"{Name(config)}, patch {config.PatchSize}, positions of {config.ImageSize} x {config.ImageSize} pixels");
        Write("vision", $"layers {config.Layers}, width {config.Width}, heads {config.Heads}");
        Write("weights", $"{Figures.Millions(summary.Parameters)}, {string.Join(" and ", summary.Types)}");
        Write("on disk", Figures.Bytes(ModelReport.SizeOf(directory)));

        void Write(string key, string value) => output.WriteLine($"{key,-13} {value}");
    }

    /// <summary>The architecture, in words.</summary>
    public static string Name(GuideConfig config) => config.Kind switch
    {
        GuideKind.Vit => "ViT, as DINO's",
        GuideKind.Dinov2 => $"DINOv2{(config.IsSwiGlu ? ", SwiGLU" : "")}",
        _ => $"DINOv2 with {config.Registers} registers{(config.IsSwiGlu ? ", SwiGLU" : "")}",
    };
}
