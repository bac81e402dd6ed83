using Sclip.Segmentation;
using Sclip.Worker.Models;

namespace Sclip.Cli.Models;

/// <summary>The methods that models of other kinds than CLIP bring along.</summary>
internal static class OwnMethods
{
    /// <summary>That of a model, by directory or id; null where it is a CLIP, or not on this machine, or damaged, which is told once it is loaded.</summary>
    public static string? Of(string model)
    {
        try
        {
            return ClipConfig.Load(ModelCache.OfUser().Resolve(model)).OwnMethod;
        }
        catch (Exception error) when (error is ModelHubException or ModelFormatException)
        {
            return null;
        }
    }
}
