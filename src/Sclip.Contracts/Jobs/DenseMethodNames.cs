using System.Globalization;

namespace Sclip.Contracts.Jobs;

/// <summary>The dense methods that a job can ask for, by their names in the literature; an engine has exactly these.</summary>
public static class DenseMethodNames
{
    private const string Random = "sclip-random", Projection = "sclip-projection", Clusters = "cliptrase:clusters";
    private const int MostProjections = 64;
    private const int LargestSeed = 9999;

    private static readonly string[] Guided = ["proxyclip", "lposs"];

    /// <summary>Those that take an argument, with its form.</summary>
    public static IReadOnlyList<string> Forms { get; } = [$"{Random}:N", $"{Projection}:FILE"];

    /// <summary>Methods of <see cref="OfModels"/> whose scores are final: they have thresholds of their own, and no logit scale.</summary>
    public static IReadOnlyList<string> OfFinalScores => ["groupvit", "segclip", "tcl"];

    /// <summary>Methods that models of other architectures than CLIP's bring along: each runs on its own kind of model alone.</summary>
    public static IReadOnlyList<string> OfModels => [.. OfFinalScores, "eva-clipself"];

    /// <summary>All names; two with the form of their argument: <c>sclip-random:N</c> may be followed by a seed, <c>sclip-random:N:SEED</c>.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "sclip",
        "clip",
        "maskclip",
        "sclip-q",
        "sclip-k",
        "sclip-identity",
        .. Forms,
        "clearclip",
        "naclip",
        "vv",
        "cliptrase",
        Clusters,
        "clip-surgery",
        "clip-surgery+feature-surgery",
        "gem",
        "resclip",
        "resclip:rcs",
        "resclip:sfr",
        "resclip:del-off",
        "resclip:clearclip",
        "resclip:sclip",
        "sc-clip",
        "itaclip",
        "itaclip:image-engineering",
        "rf-clip",
        "proxyclip",
        "lposs",
        .. OfModels,
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

    /// <summary>Whether a method needs a guide: a second model, trained on pictures alone, which tells what belongs together.</summary>
    public static bool NeedsGuide(string method) => Guided.Contains(method);

    /// <summary>Why methods cannot be asked for with a guide, or without one; null where they can.</summary>
    /// <param name="methods">The methods.</param>
    /// <param name="guide">The guide; null where none is given.</param>
    public static string? GuideRefusal(IReadOnlyCollection<string> methods, string? guide) => (methods.FirstOrDefault(NeedsGuide), guide) switch
    {
        ({ } needy, null) => $"The method {needy} needs a guide, a vision transformer trained on pictures alone such as facebook/dino-vitb8: name one by --guide (in a job's settings, guide).",
        (null, not null) => $"No method that is asked for takes a guide ({string.Join(", ", Guided)} would): leave out --guide (in a job's settings, guide).",
        _ => null,
    };

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
