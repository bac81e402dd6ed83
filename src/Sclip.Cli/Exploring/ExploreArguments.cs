using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Exploring;

/// <summary>What <c>sclip explore</c> was asked to do.</summary>
internal sealed record ExploreArguments
{
    public required IReadOnlyList<string> Inputs { get; init; }

    public required LabelSet Labels { get; init; }

    public required string Model { get; init; }

    /// <summary>The guide of methods that need one, a directory or id; null where none was given.</summary>
    public required string? Guide { get; init; }

    public required string Output { get; init; }

    public required JobSettings Settings { get; init; }

    public required IReadOnlyList<string> Methods { get; init; }

    public required IReadOnlyList<(int X, int Y)> Points { get; init; }

    public required int Clusters { get; init; }

    public required bool AllClasses { get; init; }

    public required bool PlainCosines { get; init; }

    public required DeviceRequest Device { get; init; }

    public required int Threads { get; init; }
}
