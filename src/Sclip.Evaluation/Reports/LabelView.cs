using Sclip.Contracts;
using Sclip.Evaluation.Html;
using Sclip.Evaluation.Metrics;
using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Reports;

/// <summary>Draws masks small, in the classes' colours, over their picture where it is at hand.</summary>
internal sealed class LabelView(EvaluationResult result)
{
    private const int Stripe = 4;

    private readonly Dictionary<int, int> _indexOfId = result.Classes.Select((item, i) => (item.Id, i)).ToDictionary();

    /// <summary>A mask, shrunk: the index of each pixel's class; null where it does not count.</summary>
    public (int?[] Classes, int Width, int Height) Shrink(LabelMap mask, bool isTruth)
    {
        var (labels, width, height) = Thumbnail.Of(mask.Labels, mask.Width, mask.Height, ReportParts.Side);
        return (Array.ConvertAll(labels, label => ClassOf(label, isTruth)), width, height);
    }

    /// <summary>A shrunk mask as JPEG; pixels that do not count are striped in grey.</summary>
    public byte[] Draw((int?[] Classes, int Width, int Height) view, RgbImage? picture) =>
        ReportParts.Blend([.. view.Classes.Select((item, i) => item is { } index ? result.Classes[index].Color : Ignored(i % view.Width + i / view.Width))], view.Width, view.Height, picture);

    private static RgbColor Ignored(int diagonal) => diagonal / Stripe % 2 == 0 ? new(150, 150, 150) : new(118, 118, 118);

    private int? ClassOf(ushort label, bool isTruth)
    {
        var reduce = isTruth && result.Settings.ReduceZeroLabel ? 1 : 0;
        return isTruth && label == result.Settings.Ignore ? null : _indexOfId.TryGetValue(label - reduce, out var index) ? index : null;
    }
}
