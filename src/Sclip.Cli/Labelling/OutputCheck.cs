using Sclip.Contracts;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;

namespace Sclip.Cli.Labelling;

/// <summary>Whether files are the outputs that a result tells of, as far as that can be seen: whole, of its size, with the pixels and the doubt that it counts.</summary>
/// <param name="names">The classes' names; the index is the value in a mask.</param>
internal sealed class OutputCheck(IReadOnlyList<string> names)
{
    // Of 256 steps, rounded.
    private const double DoubtTolerance = 0.01;

    /// <summary>False for a file that is missing, cut off or damaged, or of another picture or run.</summary>
    public bool HoldsFile(ImageResult result, string name, string path)
    {
        try
        {
            // Scores may be hundreds of megabytes, and have no way to tell them apart but their size.
            return name == result.Scores ? new FileInfo(path).Length == BytesOfScores(result) : Holds(result, name, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The same of a file's content.</summary>
    public bool Holds(ImageResult result, string name, byte[] file)
    {
        try
        {
            return name == result.Mask ? IsMask(result, file)
                : name == result.DoubtMap ? IsDoubt(result, file)
                : name == result.Scores ? file.Length == BytesOfScores(result)
                : name == result.Features ? FeatureFile.Parse(file).Header is var header && (header.Image, header.Width, header.Height) == (result.Image, result.Width, result.Height)
                // Overlays are for people: that a JPEG begins and ends as one is enough, and costs nothing.
                : file is [0xFF, 0xD8, .., 0xFF, 0xD9];
        }
        catch (Exception error) when (error is ImageDecodeException or FeatureFormatException)
        {
            return false;
        }
    }

    private bool IsMask(ImageResult result, byte[] file)
    {
        var (labels, width, height) = MaskDecoder.Read(file, ImageLimits.None);
        return ResultMask.Agree(result, new LabelMap(labels, width, height), names);
    }

    private static bool IsDoubt(ImageResult result, byte[] file)
    {
        var (doubts, width, height) = MaskDecoder.Read(file, ImageLimits.None);
        return (width, height) == (result.Width, result.Height) && (result.Doubt is not { } told || Math.Abs(doubts.Average(doubt => (double)doubt) / byte.MaxValue - told) < DoubtTolerance);
    }

    private long BytesOfScores(ImageResult result) => Npy.Header("<f2", names.Count, result.Height ?? 0, result.Width ?? 0).Length + 2L * names.Count * (result.Height ?? 0) * (result.Width ?? 0);
}
