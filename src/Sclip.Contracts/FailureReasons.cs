namespace Sclip.Contracts;

/// <summary>Kinds of failure of one image, few and fixed, for counting.</summary>
public static class FailureReasons
{
    /// <summary>Its name cannot be used for outputs.</summary>
    public const string Name = "name";

    /// <summary>It is not there any more.</summary>
    public const string Missing = "missing";

    /// <summary>It may not, or cannot, be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>It exceeds a limit of size.</summary>
    public const string TooLarge = "too_large";

    /// <summary>It is damaged, or of no known format.</summary>
    public const string Damaged = "damaged";

    /// <summary>The engine refused it.</summary>
    public const string Refused = "refused";

    /// <summary>There was not enough memory for it.</summary>
    public const string Memory = "memory";

    /// <summary>It was not decoded within its time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>Workers died on it, time and again.</summary>
    public const string WorkerDied = "worker_died";
}
