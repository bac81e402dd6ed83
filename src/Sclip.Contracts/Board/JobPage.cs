namespace Sclip.Contracts.Board;

/// <summary>Some of the jobs that were asked for.</summary>
public sealed record JobPage
{
    /// <summary>The jobs, in the order that was asked for; without the pixels of their classes, which each job's own status has.</summary>
    public required IReadOnlyList<JobProgress> Jobs { get; init; }

    /// <summary>All jobs that the filters admit.</summary>
    public required int Total { get; init; }

    /// <summary>Place of the first of <see cref="Jobs"/> among them, from 0.</summary>
    public required int Offset { get; init; }

    /// <summary>Whether all jobs are known; false while they are being read.</summary>
    public required bool Complete { get; init; }
}
