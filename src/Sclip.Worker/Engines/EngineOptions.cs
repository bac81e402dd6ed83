namespace Sclip.Worker.Engines;

/// <summary>Where a worker has its models from, and how many it keeps.</summary>
public sealed record EngineOptions
{
    /// <summary>A folder of models, <c>organisation/name</c> or <c>organisation--name</c> in it; null is none.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>Whether a model that is not on this machine is pulled from the hub.</summary>
    public bool PullModels { get; init; } = true;

    /// <summary>Most models in memory; more only while all of them are in use.</summary>
    public int ModelsKept { get; init; } = 2;

    /// <summary>Most embedded label sets in memory; more only while all of them are in use.</summary>
    public int LabelSetsKept { get; init; } = 16;

    /// <summary>Threads that a model computes on.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
