using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Worker;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Labelling;

/// <summary>What <c>sclip label</c> was asked to do.</summary>
internal sealed record LabelArguments
{
    /// <summary>The command that writes the output: folders of others are refused.</summary>
    public string Command { get; init; } = "label";

    public required IReadOnlyList<string> Inputs { get; init; }

    public required LabelSet Labels { get; init; }

    public required string Model { get; init; }

    public required string Output { get; init; }

    public JobSettings Settings { get; init; } = new();

    public required DeviceRequest Device { get; init; }

    public int Threads { get; init; } = Environment.ProcessorCount;

    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    public int PictureSeconds { get; init; } = new WorkerOptions().PictureSeconds;

    public bool Force { get; init; }
}
