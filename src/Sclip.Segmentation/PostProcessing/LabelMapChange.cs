namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// A method's change of the whole finished label map, before anything of it is counted. A pixel whose label changes keeps the score that won there, as one under the
/// probability threshold does, and is in full doubt (<see cref="PixelDoubt.Replaced"/>).
/// </summary>
/// <param name="height">Rows of the label map.</param>
/// <param name="width">Its columns.</param>
/// <param name="change">Changes the label map, <c>[height, width]</c>, in place.</param>
internal sealed class LabelMapChange(int height, int width, Action<ushort[]> change)
{
    private readonly float[] _scores = new float[(long)height * width], _doubts = new float[(long)height * width];

    /// <summary>Keeps the scores and doubts of a row till the label map is finished. Rows may come from several threads.</summary>
    public void Keep(int y, ReadOnlySpan<float> scores, ReadOnlySpan<float> doubts)
    {
        scores.CopyTo(_scores.AsSpan(y * width));
        doubts.CopyTo(_doubts.AsSpan(y * width));
    }

    /// <summary>Changes the label map, then hands out each row's scores and doubts.</summary>
    public void Apply(ushort[] labelMap, Action<int, ReadOnlySpan<float>, ReadOnlySpan<float>> take)
    {
        ushort[] before = [.. labelMap];
        change(labelMap);
        for (var i = 0; i < labelMap.Length; i++)
            if (labelMap[i] != before[i])
                _doubts[i] = PixelDoubt.Replaced;
        for (var y = 0; y < height; y++)
            take(y, _scores.AsSpan(y * width, width), _doubts.AsSpan(y * width, width));
    }
}
