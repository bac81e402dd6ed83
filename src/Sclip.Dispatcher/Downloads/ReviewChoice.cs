using Sclip.Contracts;
using Sclip.Contracts.Reviews;
using Sclip.Dispatcher.Review;
using Sclip.Formats;

namespace Sclip.Dispatcher.Downloads;

/// <summary>Of a job's images, those on which one of some decisions holds.</summary>
internal static class ReviewChoice
{
    /// <summary>The images, in the order of their results; null for a result that cannot be read.</summary>
    public static IAsyncEnumerable<ExportItem?> Of(ExportSource source, IReadOnlyCollection<ReviewDecision>? reviewed, CancellationToken cancellationToken) =>
        source.Items(cancellationToken).Where(item => Takes(item, reviewed));

    /// <summary>Whether an image is one of them.</summary>
    public static bool Takes(ExportItem? item, IReadOnlyCollection<ReviewDecision>? reviewed) => item is null || reviewed?.Contains(item.Review) is not false;

    /// <summary>Tells how many others there are; null where all were asked for.</summary>
    public static string? Describe(long others, IReadOnlyCollection<ReviewDecision>? reviewed) =>
        reviewed is null ? null : $"Only what was reviewed so: {string.Join(" or ", reviewed.Select(DecisionNames.Of))}; {Counted.Of(others, "picture")} {(others == 1 ? "is" : "are")} left out.";
}
