using System.Globalization;

namespace Sclip.Cli.Demo;

/// <summary>How a method fared.</summary>
internal sealed record MethodScore(string Method, double MeanIou, double Accuracy);

/// <summary>What the demo's table shows, said from its numbers alone.</summary>
internal static class DemoVerdict
{
    // Differences within this are none: eight pictures tell no more.
    private const double Alike = 0.02;

    /// <summary>What sclip's figures are beside those of each other method.</summary>
    public static string Of(IReadOnlyList<MethodScore> scores)
    {
        var sclip = scores.Single(score => score.Method == "sclip");
        var others = scores.Where(score => score != sclip).Select(other => (sclip.MeanIou - other.MeanIou) switch
        {
            > Alike => $"above {Name(other)}",
            < -Alike => $"below {Name(other)}",
            _ => $"level with {Name(other)}",
        });
        return $"The same weights, only the last block's attention differs: by mIoU, {Name(sclip)} is {string.Join(" and ", others)}.";
    }

    private static string Name(MethodScore score) => $"{score.Method} ({Percent(score.MeanIou)})";

    /// <summary>A share as the table has it.</summary>
    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
