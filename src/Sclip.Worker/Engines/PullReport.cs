using Sclip.Worker.Models;

namespace Sclip.Worker.Engines;

/// <summary>How far a pull is, in words that follow the model's name.</summary>
internal sealed class PullReport : IProgress<PullProgress>
{
    private readonly Lock _lock = new();
    private PullProgress _progress;
    private string? _notice;

    /// <summary>How far it is, or what it waits for.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
                return _notice is not null ? $"is being pulled: {_notice}"
                    : _progress.Total is > 0 and var total ? $"is being pulled: {_progress.File}, {100 * _progress.Bytes / total} % of {Figures.Bytes((long)total)}."
                    : "is being pulled.";
        }
    }

    /// <inheritdoc />
    public void Report(PullProgress value)
    {
        lock (_lock)
            (_progress, _notice) = (value, null);
    }

    /// <summary>Takes down a wait or a failure that passes.</summary>
    public void Notice(string notice)
    {
        lock (_lock)
            _notice = notice;
    }
}
