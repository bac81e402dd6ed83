namespace Sclip.Hosting.Configuration;

/// <summary>How a host's process is to end once its host has stopped: in good order, unless something says that it failed.</summary>
public sealed class HostExit
{
    private volatile bool _failed;

    /// <summary>The exit code: 0, or 1 where the process failed and is to be started anew.</summary>
    public int Code => _failed ? 1 : 0;

    /// <summary>Says that it failed; what has happened is in the log.</summary>
    public void Fail() => _failed = true;
}
