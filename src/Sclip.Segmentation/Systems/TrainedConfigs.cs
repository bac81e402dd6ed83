using Sclip.Segmentation.Systems.GroupVit;
using Sclip.Segmentation.Systems.SegClip;
using Sclip.Segmentation.Systems.Tcl;

namespace Sclip.Segmentation.Systems;

/// <summary>The systems that there are, each told by its configuration.</summary>
internal static class TrainedConfigs
{
    private static readonly Func<ConfigSection, ClipConfig?>[] Readers = [GroupVitConfig.TryRead, TclConfig.TryRead, SegClipConfig.TryRead];

    /// <summary>Reads a config.json of one of them; null where it is of none.</summary>
    /// <exception cref="ModelFormatException">It is of one, and describes what is not supported.</exception>
    public static ClipConfig? TryRead(ConfigSection root) => Readers.Select(read => read(root)).FirstOrDefault(config => config is not null);
}
