using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>What <c>sclip label</c>, or <c>sclip relabel</c>, was asked to do.</summary>
internal sealed record LabelArguments
{
    /// <summary>The command that writes the output: folders of others are refused.</summary>
    public string Command { get; init; } = "label";

    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Kept features to label in place of <see cref="Inputs"/>; null labels those.</summary>
    public FeatureFolder? Features { get; init; }

    public required LabelSet Labels { get; init; }

    /// <summary>The model; null, where features are labelled, is theirs.</summary>
    public required string? Model { get; init; }

    /// <summary>The guide of methods that need one, a directory or id; null where none was given.</summary>
    public string? Guide { get; init; }

    public required string Output { get; init; }

    public JobSettings Settings { get; init; } = new();

    public required DeviceRequest Device { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    public int PictureSeconds { get; init; } = new WorkerOptions().PictureSeconds;

    public bool Force { get; init; }

    /// <summary>Whether a page of the run is written.</summary>
    public bool Report { get; init; }
}
