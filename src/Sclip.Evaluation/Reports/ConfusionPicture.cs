using Sclip.Evaluation.Metrics;
using Sclip.Imaging;

namespace Sclip.Evaluation.Reports;

/// <summary>
/// The confusion matrix as a picture: a row a class of the ground truth, the darker a cell the larger its share of the row, with the shares in
/// percent where cells are large enough, and names where there are not too many. A palette PNG.
/// </summary>
public static class ConfusionPicture
{
    // Above this many classes names would make the picture larger than can be looked at: it is drawn without them.
    private const int MostNamed = 300, WantedUnnamed = 3000, LeastUnnamedCell = 2;
    private const int Wanted = 960, LeastCell = 10, MostCell = 46, WideEnough = 26;
    private const string PredictionTitle = "prediction", TruthTitle = "ground truth";
    private const int LargestText = 16, LongestName = 210, Gap = 6, Margin = 12;

    /// <summary>Draws the picture: the file of a PNG.</summary>
    /// <exception cref="ImagingLibraryException">A native library is missing.</exception>
    public static byte[] Draw(EvaluationResult result)
    {
        var count = result.Classes.Count;
        var isNamed = count <= MostNamed;
        var cell = isNamed ? Math.Clamp(Wanted / Math.Max(1, count), LeastCell, MostCell) : Math.Max(LeastUnnamedCell, WantedUnnamed / count);
        var text = Math.Min(LargestText, cell);
        var names = result.Classes.Select(item => isNamed ? InkCanvas.Shorten(item.Name, text, LongestName) : "").ToArray();
        var longest = names.Select(name => InkCanvas.Measure(name, text)).DefaultIfEmpty(0).Max();
        var title = LargestText + Gap;
        var (left, top) = (Margin + title + longest + Gap, Margin + title + longest + Gap);
        var size = count * cell;
        // The titles of the axes are wanted whole, also above a matrix of two classes.
        var across = Math.Max(size, InkCanvas.Measure(PredictionTitle, LargestText));
        var down = Math.Max(size, InkCanvas.Measure(TruthTitle, LargestText));
        var canvas = new InkCanvas(left + across + Margin, top + down + Margin);
        canvas.Text(PredictionTitle, LargestText, left, Margin);
        canvas.TextUpwards(TruthTitle, LargestText, Margin, top + InkCanvas.Measure(TruthTitle, LargestText));
        for (var i = 0; i < count; i++)
        {
            canvas.Text(names[i], text, left - Gap - InkCanvas.Measure(names[i], text), top + i * cell + (cell - text) / 2);
            canvas.TextUpwards(names[i], text, left + i * cell + (cell - text) / 2, top - Gap);
            for (var j = 0; j < count; j++)
                Cell(canvas, result, i, j, left + j * cell, top + i * cell, cell);
        }
        using var png = new MemoryStream();
        MaskEncoder.Write(png, canvas.Pixels, canvas.Width, canvas.Height, InkCanvas.Palette);
        return png.ToArray();
    }

    private static void Cell(InkCanvas canvas, EvaluationResult result, int truth, int prediction, int x, int y, int cell)
    {
        // A class that the ground truth lacks has no row of shares: its cells stay blank, with a frame.
        var all = result.Areas.Truth[truth];
        var share = all == 0 ? 0 : (double)result.Matrix[truth, prediction] / all;
        canvas.Heat(x, y, cell, share);
        if (cell < WideEnough || share < 0.005)
            return;
        var label = $"{share * 100:0}";
        var height = Math.Min(14, cell / 2);
        canvas.TextOnHeat(label, height, x + (cell - InkCanvas.Measure(label, height)) / 2, y + (cell - height) / 2, light: share > 0.5);
    }
}
