namespace Sclip.Contracts.Board;

/// <summary>Asks something for several jobs.</summary>
public record JobsRequest
{
    /// <summary>Most jobs of a request.</summary>
    public const int MostJobs = 500;

    /// <summary>Their ids, each once.</summary>
    public required IReadOnlyList<string> Ids { get; init; }
}

/// <summary>Asks for what several jobs have no results of.</summary>
public sealed record RetryRequest : JobsRequest
{
    /// <summary>Whether images that failed are labelled again, too.</summary>
    public bool Failed { get; init; }
}

/// <summary>Asks for another priority of several jobs.</summary>
public sealed record PrioritiesRequest : JobsRequest
{
    /// <summary>0 to 9; 5 and more pass other jobs.</summary>
    public required int Priority { get; init; }
}

/// <summary>Asks for another priority of a job.</summary>
public sealed record PriorityRequest
{
    /// <summary>0 to 9; 5 and more pass other jobs.</summary>
    public required int Priority { get; init; }
}
