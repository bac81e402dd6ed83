using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>Whether a file is the mask that a result tells of.</summary>
/// <param name="names">The classes' names; the index is the value in a mask.</param>
/// <param name="limits">What a mask may be at most.</param>
internal sealed class MaskCheck(IReadOnlyList<string> names, ImageLimits limits)
{
    /// <summary>False for a file that is cut off or damaged, or is the mask of another picture or run.</summary>
    public bool Holds(ImageResult result, byte[] file)
    {
        try
        {
            var (labels, width, height) = MaskDecoder.Read(file, limits);
            return ResultMask.Fingerprint(result, names) is not { } told || told == ResultMask.Fingerprint(new LabelMap(labels, width, height), names.Count);
        }
        catch (ImageDecodeException)
        {
            return false;
        }
    }
}
