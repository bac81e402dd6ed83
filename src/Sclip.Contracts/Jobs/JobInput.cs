namespace Sclip.Contracts.Jobs;

/// <summary>Where a job's images lie.</summary>
public sealed record JobInput
{
    /// <summary>The container.</summary>
    public required string Container { get; init; }

    /// <summary>What the names of the images begin with.</summary>
    public string Prefix { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the names stand in <see cref="JobNames.InputList"/>, and are not listed.</summary>
    public bool Listed { get; init; }
}
