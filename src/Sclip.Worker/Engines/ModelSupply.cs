using System.Diagnostics.Metrics;
using Sclip.Hosting.Telemetry;

namespace Sclip.Worker.Engines;

/// <summary>
/// The models that jobs ask for. What is not on this machine is pulled in the background, and who asks waits a moment at most, so that one
/// job's model holds up no other job. What cannot be had now is remembered, and tried again after pauses that grow.
/// </summary>
public sealed class ModelSupply : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);
    private const int MostDoublings = 5;

    // Of a hub that is slow to say no, the shard that asked has come back by then; who retries the job later has mended something.
    private static readonly TimeSpan VerdictHolds = TimeSpan.FromSeconds(90);

    // Shards that wait come back every minute: what nobody has asked for since is waited for no more.
    private static readonly TimeSpan Wanted = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();
    private readonly Meter _meter = new(SclipTelemetry.Name);
    private readonly ModelLocator _locator;
    private readonly TimeProvider _time;

    /// <param name="locator">Finds and pulls models.</param>
    /// <param name="time">The clock.</param>
    public ModelSupply(ModelLocator locator, TimeProvider time)
    {
        (_locator, _time) = (locator, time);
        _meter.CreateObservableGauge(
            "sclip.model.wait", () => Waits.Select(wait => new Measurement<double>((time.GetUtcNow() - wait.Since).TotalSeconds, new KeyValuePair<string, object?>("sclip.model", wait.Model))), "s",
            "Time that jobs have waited at this worker for a model that it cannot have.");
    }

    /// <summary>How long one who asks waits for a pull, counted from its beginning.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What jobs wait for, by id.</summary>
    public IReadOnlyList<ModelWait> Waits
    {
        get
        {
            lock (_lock)
            {
                return [.. from entry in _entries.Values
                           where _time.GetElapsedTime(entry.Asked) < Wanted && entry.Cause is not null
                           orderby entry.Model
                           select new ModelWait(entry.Model, JobHold.OfModel(entry.Model, entry.Cause!).Reason, entry.Since)];
            }
        }
    }

    /// <summary>Why a model cannot be had now; null where it may be there, or is to be tried.</summary>
    public ModelUnavailableException? WhyNot(string modelId)
    {
        lock (_lock)
        {
            Forget();
            if (!_entries.TryGetValue(modelId, out var entry))
                return null;
            entry.Asked = _time.GetTimestamp();
            return Refusal(entry) is { } cause ? new ModelUnavailableException(modelId, cause) : null;
        }
    }

    /// <summary>Has a model on this machine, where that takes no longer than a moment; else its pull goes on without who asked for it.</summary>
    /// <exception cref="JobException">There is no such model, or it may not be had.</exception>
    /// <exception cref="ModelUnavailableException">It is not here yet, or cannot be had now.</exception>
    public async Task EnsureAsync(string modelId, CancellationToken cancellationToken)
    {
        Task pull;
        Entry? entry;
        lock (_lock)
        {
            Forget();
            var isHere = _locator.Find(modelId) is not null;
            if (_entries.TryGetValue(modelId, out entry) && !(isHere && entry.Verdict is not null))
                Check(entry);
            if (entry?.Pull is null && isHere)
                return;
            if (entry is null)
                _entries.Add(modelId, entry = new Entry(modelId, _time.GetUtcNow()));
            entry.Asked = _time.GetTimestamp();
            pull = entry.Pull ??= Begin(entry);
        }
        try
        {
            // Once it has failed, others wait no more for the next try.
            var left = entry.Failure is null ? Patience - _time.GetElapsedTime(entry.Began) : TimeSpan.Zero;
            await pull.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ModelUnavailableException(modelId, entry.Failure ?? entry.Report.Text);
        }
        lock (_lock)
            Check(entry);
    }

    /// <summary>Whether a pull of a model is under way.</summary>
    internal bool IsPulling(string modelId)
    {
        lock (_lock)
            return _entries.GetValueOrDefault(modelId)?.Pull is not null;
    }

    /// <summary>Takes down that a model is here and cannot be used now.</summary>
    internal void Fail(string modelId, string cause)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(modelId, out var entry))
                _entries.Add(modelId, entry = new Entry(modelId, _time.GetUtcNow()) { Asked = _time.GetTimestamp() });
            Fail(entry, cause);
        }
    }

    /// <summary>Takes down that a model is in use.</summary>
    internal void Succeed(string modelId)
    {
        lock (_lock)
            if (_entries.TryGetValue(modelId, out var entry) && entry.Pull is null)
                _entries.Remove(modelId);
    }

    /// <summary>Ends all pulls; what is downloaded is kept.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _meter.Dispose();
    }

    private void Check(Entry entry)
    {
        if (entry.Verdict is { } verdict)
        {
            // The next job that names it asks anew.
            _entries.Remove(entry.Model);
            throw new JobException(verdict);
        }
        if (Refusal(entry) is { } cause)
            throw new ModelUnavailableException(entry.Model, cause);
    }

    private string? Refusal(Entry entry) => entry.Pull is null
        ? _time.GetUtcNow() < entry.NextTry ? entry.Failure : null
        : entry.Failure ?? (_time.GetElapsedTime(entry.Began) >= Patience ? entry.Report.Text : null);

    private Task Begin(Entry entry)
    {
        (entry.Began, entry.Report) = (_time.GetTimestamp(), new PullReport());
        return Task.Run(() => PullAsync(entry));
    }

    private async Task PullAsync(Entry entry)
    {
        var (verdict, failure) = ((string?)null, (string?)null);
        try
        {
            await _locator.LocateAsync(entry.Model, entry.Report, _end.Token);
        }
        catch (JobException error)
        {
            verdict = error.Message;
        }
        catch (ModelUnavailableException error)
        {
            failure = error.Cause;
        }
        // Also what nobody thought of: a fault of this machine's, which may pass.
        catch (Exception error)
        {
            failure = $"cannot be pulled now: {error.Message}";
        }
        lock (_lock)
        {
            (entry.Pull, entry.Verdict, entry.Failure, entry.Ended) = (null, verdict, null, _time.GetTimestamp());
            if (failure is not null)
                Fail(entry, failure);
            else if (verdict is null)
                _entries.Remove(entry.Model);
        }
    }

    private void Fail(Entry entry, string cause)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(entry.Failures++, MostDoublings));
        entry.Failure = cause;
        entry.NextTry = _time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
    }

    /// <summary>Lets go of what no job has asked for lately: above all a verdict is not one for good.</summary>
    private void Forget()
    {
        foreach (var (model, entry) in _entries)
            if (entry.Pull is null && (_time.GetElapsedTime(entry.Asked) >= Wanted || (entry.Verdict is not null && _time.GetElapsedTime(entry.Ended) >= VerdictHolds)))
                _entries.Remove(model);
    }

    /// <summary>A model that was not there when it was asked for; all that changes does so under the lock.</summary>
    private sealed class Entry(string model, DateTimeOffset since)
    {
        public string Model => model;

        public DateTimeOffset Since => since;

        /// <summary>When it was last asked for.</summary>
        public long Asked { get; set; }

        /// <summary>The pull that is under way.</summary>
        public Task? Pull { get; set; }

        public long Began { get; set; }

        /// <summary>When the last pull ended.</summary>
        public long Ended { get; set; }

        public PullReport Report { get; set; } = new();

        /// <summary>Why the last try failed, until one works.</summary>
        public string? Failure { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset NextTry { get; set; }

        /// <summary>Why it can never be had.</summary>
        public string? Verdict { get; set; }

        /// <summary>Why it is waited for; null where it is not.</summary>
        public string? Cause => Failure ?? (Pull is null ? null : Report.Text);
    }
}
