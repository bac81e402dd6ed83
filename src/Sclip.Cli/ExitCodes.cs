namespace Sclip.Cli;

/// <summary>What the program's exit status says.</summary>
internal static class ExitCodes
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>It could not run: arguments, device, model, labels or output; or its device failed.</summary>
    public const int CannotRun = 1;

    /// <summary>It ran, and some pictures failed.</summary>
    public const int SomeFailed = 2;

    /// <summary>It ran, and all that it labels is there; the page of <c>--report</c> could not be written.</summary>
    public const int NoReport = 3;

    /// <summary>It was interrupted, or ended before all was done since the decoder of a picture does not come back; the same command goes on.</summary>
    public const int Interrupted = 130;
}
