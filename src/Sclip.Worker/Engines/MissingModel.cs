namespace Sclip.Worker.Engines;

/// <summary>A model that was not there when a job asked for it: how its pull goes, and when the next may be tried. Used under one lock.</summary>
/// <param name="model">Its id.</param>
/// <param name="since">When it was first asked for.</param>
internal sealed class MissingModel(string model, DateTimeOffset since)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private const int MostDoublings = 5;

    private int _failures;

    public string Model => model;

    public DateTimeOffset Since => since;

    /// <summary>When it was last asked for.</summary>
    public long Asked { get; set; }

    /// <summary>The pull that is under way.</summary>
    public Task? Pull { get; set; }

    /// <summary>When the last pull began.</summary>
    public long Began { get; set; }

    /// <summary>When the last pull ended.</summary>
    public long Ended { get; set; }

    /// <summary>How far the last pull came.</summary>
    public PullReport Report { get; set; } = new();

    /// <summary>Why the last try failed, until one works.</summary>
    public string? Failure { get; set; }

    /// <summary>Before this time it is not tried again.</summary>
    public DateTimeOffset NextTry { get; private set; }

    /// <summary>Why it can never be had.</summary>
    public string? Verdict { get; set; }

    /// <summary>Why it is waited for; null where it is not.</summary>
    public string? Cause => Failure ?? (Pull is null ? null : Report.Text);

    /// <summary>Takes down that a try failed; the pause before the next is twice the last.</summary>
    public void Fail(string cause, DateTimeOffset now)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(_failures++, MostDoublings));
        Failure = cause;
        NextTry = now + (pause < LongestPause ? pause : LongestPause);
    }
}
