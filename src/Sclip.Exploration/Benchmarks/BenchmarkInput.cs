using Sclip.Evaluation;
using Sclip.Evaluation.Datasets;
using Sclip.Imaging;
using Sclip.Segmentation;

namespace Sclip.Exploration.Benchmarks;

/// <summary>A picture that is read: ready for the engine, or the reason why it is not.</summary>
internal sealed record BenchmarkInput(string Name, ulong Files, SegmentationInput? Input, ushort[] Truth, string? Failure)
{
    public static BenchmarkInput Read(DataSetPicture item, int shortSide, ImageLimits limits, bool engineResizes)
    {
        var files = item.Fingerprint();
        try
        {
            var (picture, truth) = item.Read(limits);
            var (width, height) = ImageResizer.SizeByShortSide(picture.Width, picture.Height, shortSide);
            var seen = engineResizes ? picture : ImageResizer.Resize(picture, width, height);
            var isResized = (seen.Width, seen.Height) == (width, height);
            var input = new SegmentationInput
            {
                Rgb = seen.Pixels,
                Width = seen.Width,
                Height = seen.Height,
                ModelWidth = isResized ? 0 : width,
                ModelHeight = isResized ? 0 : height,
                OutputWidth = picture.Width,
                OutputHeight = picture.Height,
            };
            return new BenchmarkInput(item.Name, files, input, truth, null);
        }
        catch (EvaluationException error)
        {
            return new BenchmarkInput(item.Name, files, null, [], error.Message);
        }
        catch (OutOfMemoryException)
        {
            return new BenchmarkInput(item.Name, files, null, [], "there is not enough memory to decode the picture.");
        }
    }
}
