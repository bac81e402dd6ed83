namespace Sclip.Segmentation.PostProcessing;

/// <summary>
/// How much a pixel's class is in doubt: 1 where the next class is as likely, towards 0 the more the best one is ahead. It is
/// <c>2 / (1 + r^(1/4))</c>, r being how many times as likely the best class is as the next. Chosen by measurement (bench/README.md): the softmax of CLIP
/// is so sure that its scores hardly tell a good picture from a bad one; the fourth root takes that sureness back.
/// </summary>
internal static class PixelDoubt
{
    /// <summary>A doubt of 1 in a map of 8 bits.</summary>
    public const int MapUnit = 255;

    /// <summary>The doubt of a pixel whose best class was taken away: by the area threshold, a vote of regions or the closing of the label map.</summary>
    public const float Replaced = 1;

    /// <summary>The root that is taken of how many times as likely a class is.</summary>
    public const float Root = 0.25f;

    /// <param name="lead">How far the best class's logit is ahead of the next class's, times the logit scale; infinite where there is no other class.</param>
    public static float Of(float lead) => 2 / (1 + MathF.Exp(Root * lead));

    /// <summary>The same of scores that are final.</summary>
    /// <param name="best">The score of the best class.</param>
    /// <param name="next">That of the next class, 0 where there is none.</param>
    public static float OfScores(float best, float next) => next > 0 ? 2 / (1 + MathF.Sqrt(MathF.Sqrt(best / next))) : best > 0 ? 0 : 1;

    /// <summary>A doubt as it stands in a map.</summary>
    public static byte InMap(float doubt) => (byte)(doubt * MapUnit + 0.5f);
}
