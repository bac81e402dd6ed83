namespace Sclip.Dispatcher;

/// <summary>A request that cannot be done as it was made; the message says what to do.</summary>
public sealed class JobRequestException(JobRequestFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public JobRequestFault Fault { get; } = fault;

    /// <summary>Refuses a request that is wrong.</summary>
    /// <exception cref="JobRequestException">The condition does not hold.</exception>
    internal static void Require(bool condition, string message)
    {
        if (!condition)
            throw new JobRequestException(JobRequestFault.Invalid, message);
    }
}

/// <summary>Kinds of requests that cannot be done.</summary>
public enum JobRequestFault
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>What it names is not there.</summary>
    NotFound,

    /// <summary>The program may not read what it names.</summary>
    Denied,

    /// <summary>It contradicts what is there.</summary>
    Conflict,

    /// <summary>It names another version of what it changes than the one that is there.</summary>
    PreconditionFailed,

    /// <summary>What it names is there, and cannot be shown.</summary>
    Unshowable,

    /// <summary>What it sends, or asks for, is larger than is taken or given.</summary>
    TooLarge,

    /// <summary>Too much of its kind is at work; it may be asked for again.</summary>
    Busy,
}
