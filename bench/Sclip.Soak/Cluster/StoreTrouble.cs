namespace Sclip.Soak.Cluster;

/// <summary>How a store misbehaves for a while.</summary>
internal sealed record StoreTrouble
{
    /// <summary>What each request waits.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Share of the requests that are refused (503 ServerBusy or 500 InternalError, as the service does) and not done.</summary>
    public double Refused { get; init; }

    /// <summary>Share of the requests that are done, and whose connection breaks before the answer.</summary>
    public double Unanswered { get; init; }

    /// <summary>Whether nothing is written: each write is answered by 500 InternalError, as Azurite does on a full disk.</summary>
    public bool IsFull { get; init; }
}
