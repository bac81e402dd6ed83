using Sclip.Cli.Labelling;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Worker.Engines;

namespace Sclip.Cli.Workbench;

/// <summary>What <c>sclip workbench</c> was asked to do.</summary>
internal sealed record WorkbenchArguments
{
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The pictures, or a folder of kept features.</summary>
    public required WorkbenchPictures Pictures { get; init; }

    /// <summary>The classes to begin with; null begins with none.</summary>
    public required LabelSet? Labels { get; init; }

    /// <summary>The file that they come from, where they come from one.</summary>
    public required string? LabelsFile { get; init; }

    /// <summary>The model; null, where features were kept, is theirs.</summary>
    public required string? Model { get; init; }

    /// <summary>What <c>--guide</c> names; null where it was not given.</summary>
    public required string? GivenGuide { get; init; }

    public required JobSettings Settings { get; init; }

    /// <summary>The file of prompt templates.</summary>
    public required string? Templates { get; init; }

    /// <summary>The label file that Save writes.</summary>
    public required string Output { get; init; }

    public required int Port { get; init; }

    public required WorkbenchTruth? Truth { get; init; }

    public required DeviceRequest Device { get; init; }

    public required int Threads { get; init; }

    /// <summary>The options of device and threads as they were given, for the command that labels everything.</summary>
    public required IReadOnlyList<string> DeviceWords { get; init; }

    public FeatureFolder? Kept => Pictures.Kept;

    /// <summary>The guide of methods that need one; null without.</summary>
    public string? Guide => GivenGuide ?? Kept?.GuideName;

    /// <summary>The model as its user calls it.</summary>
    public string ModelName => Model ?? Kept!.ModelName;
}
