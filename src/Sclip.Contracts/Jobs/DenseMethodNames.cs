using System.Globalization;

namespace Sclip.Contracts.Jobs;

/// <summary>The dense methods that a job can ask for, by their names in the literature; an engine has exactly these.</summary>
public static class DenseMethodNames
{
    private const string Random = "sclip-random", Projection = "sclip-projection", Clusters = "cliptrase:clusters";
    private const int MostProjections = 64;
    private const int LargestSeed = 9999;

    private static readonly string[] Forms = [$"{Random}:N", $"{Projection}:FILE"];

    /// <summary>All names; two with the form of their argument: <c>sclip-random:N</c> may be followed by a seed, <c>sclip-random:N:SEED</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "sclip", "clip", "maskclip", "sclip-q", "sclip-k", "sclip-identity", .. Forms, "clearclip", "naclip", "vv",
        "cliptrase", Clusters,
        "clip-surgery", "clip-surgery+feature-surgery", "gem", "sc-clip", "itaclip", "itaclip:image-engineering",
    ];

    /// <summary>Takes the argument off a method.</summary>
    public static (string Name, string Argument) Split(string method)
    {
        var colon = method.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (method, "") : (method[..colon], method[(colon + 1)..]);
    }

    /// <summary>Why a method cannot be asked for; null where it can.</summary>
    public static string? Refusal(string method)
    {
        var (name, argument) = Split(method);
        if (Forms.Contains(method) || !(All.Contains(method) || (argument != "" && Forms.Any(form => Split(form).Name == name))))
            return $"There is no method '{method}'; there are {string.Join(", ", All)}.";
        return name == Random && !TryParseRandom(argument, out _, out _)
            ? $"sclip-random:N takes a number of projections in 1..{MostProjections}, sclip-random:N:SEED also a seed in 0..{LargestSeed}; it is '{argument}'."
            : null;
    }

    /// <summary>Whether a method reads a file of the machine it runs on.</summary>
    public static bool ReadsFile(string method) => Split(method).Name == Projection;

    /// <summary>Whether a method takes the picture as one window alone.</summary>
    public static bool TakesWholePicture(string method) => method == Clusters;

    /// <summary>Reads the argument of <c>sclip-random</c>.</summary>
    /// <param name="argument"><c>N</c> or <c>N:SEED</c>.</param>
    /// <param name="count">The number of projections.</param>
    /// <param name="seed">The seed; 0 where it is not given.</param>
    public static bool TryParseRandom(string argument, out int count, out int seed)
    {
        (count, seed) = (0, 0);
        return argument.Split(':') is [var first, .. var rest] && IsIn(first, 1, MostProjections, out count) && (rest is [] || (rest is [var second] && IsIn(second, 0, LargestSeed, out seed)));
    }

    private static bool IsIn(string text, int least, int most, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
