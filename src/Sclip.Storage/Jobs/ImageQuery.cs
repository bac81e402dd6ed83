using System.Globalization;
using Sclip.Contracts;

namespace Sclip.Storage.Jobs;

/// <summary>Which of a job's images are asked for.</summary>
public sealed record ImageQuery
{
    /// <summary>Most images of an answer.</summary>
    public const int MostImages = 500;

    /// <summary>Only images in which this class occurs.</summary>
    public string? Class { get; init; }

    /// <summary>Only images that ended so.</summary>
    public ImageStatus? Status { get; init; }

    /// <summary>Only images that failed with these words, as a job's status counts them.</summary>
    public string? Error { get; init; }

    /// <summary>Which come first.</summary>
    public ImageOrder Order { get; init; }

    /// <summary>Where the page before ended; only where the order is <see cref="ImageOrder.Shard"/>.</summary>
    public ImageCursor? After { get; init; }

    /// <summary>Images that are wanted, 1 to <see cref="MostImages"/>.</summary>
    public int Limit { get; init; } = 60;

    internal bool Admits(ImageResult image) =>
        (Status is null || image.Status == Status) && (Error is null || image.CountedError == Error || image.Error == Error) && (Class is null || image.Pixels?.GetValueOrDefault(Class) > 0);

    /// <summary>What images are ordered by, the least first; those that failed have nothing of it, and come last.</summary>
    internal double Key(ImageResult image) => Order switch
    {
        _ when image.Status == ImageStatus.Failed => double.PositiveInfinity,
        ImageOrder.Doubt => DoubtOf(image) is { } doubt ? -doubt : image.MeanConfidence ?? 1,
        ImageOrder.Confidence => image.MeanConfidence ?? 0,
        _ => -ShareOf(image),
    };

    /// <summary>The doubt of the class that is asked for, else of the whole image; earlier versions told none.</summary>
    private double? DoubtOf(ImageResult image) => Class is { } name && image.ClassDoubt is { } doubts ? doubts.GetValueOrDefault(name) : image.Doubt;

    private double ShareOf(ImageResult image) => (image.Pixels?.GetValueOrDefault(Class ?? "") ?? 0) / Math.Max(1.0, (double)(image.Width ?? 1) * (image.Height ?? 1));
}

/// <summary>Which images come first; where it is not the shards that say so, those that failed come last.</summary>
public enum ImageOrder
{
    /// <summary>As the job has them, shard by shard.</summary>
    Shard,

    /// <summary>Those that are most in doubt, where a class is asked for that class in them; behind them those of earlier versions, the least confident first.</summary>
    Doubt,

    /// <summary>Those with the least mean confidence.</summary>
    Confidence,

    /// <summary>Those of which the class covers the largest share.</summary>
    Share,
}

/// <summary>A place in a job's results: the line of a shard's document from which to go on.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="IsDraft">Whether the shard is under way.</param>
/// <param name="Line">The line, from 0.</param>
public readonly record struct ImageCursor(int Shard, bool IsDraft, int Line)
{
    /// <summary>The cursor as a text, for example <c>r12.5</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsDraft ? 'd' : 'r')}{Shard}.{Line}");

    /// <summary>Reads a cursor's text.</summary>
    public static bool TryParse(string text, out ImageCursor cursor)
    {
        cursor = default;
        if (text.Length < 4 || text[0] is not ('r' or 'd') || text[1..].Split('.') is not [var shard, var line])
            return false;
        var isNumber = int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var number) & int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var first);
        cursor = new ImageCursor(number, text[0] == 'd', first);
        return isNumber;
    }
}
