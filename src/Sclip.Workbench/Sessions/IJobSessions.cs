namespace Sclip.Workbench.Sessions;

/// <summary>Begins sessions with pictures of jobs, where there are jobs.</summary>
public interface IJobSessions
{
    /// <summary>Begins a session.</summary>
    /// <param name="sample">Which pictures.</param>
    /// <param name="cancellationToken">Ends the search for them.</param>
    /// <exception cref="WorkbenchException">There is no such job, or it has no such pictures.</exception>
    Task<Session> BeginAsync(JobSample sample, CancellationToken cancellationToken);
}

/// <summary>Which pictures of a job a session has.</summary>
public sealed record JobSample
{
    /// <summary>The job.</summary>
    public required string Job { get; init; }

    /// <summary>How many pictures, at most.</summary>
    public int Count { get; init; } = 24;

    /// <summary>Which come first.</summary>
    public SampleOrder Order { get; init; } = SampleOrder.Doubt;

    /// <summary>The class of <see cref="SampleOrder.Class"/>.</summary>
    public string? Class { get; init; }

    /// <summary>Other pictures with each, by <see cref="SampleOrder.Chance"/>.</summary>
    public int Seed { get; init; }
}

/// <summary>Which pictures of a job come first.</summary>
public enum SampleOrder
{
    /// <summary>The least sure.</summary>
    Doubt,

    /// <summary>Those with the largest share of a class.</summary>
    Class,

    /// <summary>Any, spread over the job.</summary>
    Chance,
}
