using System.Diagnostics.Metrics;
using Sclip.Hosting.Telemetry;

namespace Sclip.Worker.Engines;

/// <summary>
/// The models that jobs ask for. What is not on this machine is pulled in the background, and who asks waits a moment at most, so that one
/// job's model holds up no other job. What cannot be had now is remembered, and tried again after pauses that grow.
/// </summary>
public sealed class ModelSupply : IDisposable
{
    // Of a hub that is slow to say no, the shard that asked has come back by then; who retries the job later has mended something.
    private static readonly TimeSpan VerdictHolds = TimeSpan.FromSeconds(90);

    // Shards that wait come back every minute: what nobody has asked for since is waited for no more.
    private static readonly TimeSpan Wanted = TimeSpan.FromMinutes(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MissingModel> _missing = new(StringComparer.Ordinal);
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
                return [.. from entry in _missing.Values
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
            if (!_missing.TryGetValue(modelId, out var entry))
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
        MissingModel? entry;
        lock (_lock)
        {
            Forget();
            var isHere = _locator.Find(modelId) is not null;
            if (_missing.TryGetValue(modelId, out entry) && !(isHere && entry.Verdict is not null))
                Check(entry);
            if (entry?.Pull is null && isHere)
                return;
            if (entry is null)
                _missing.Add(modelId, entry = new MissingModel(modelId, _time.GetUtcNow()));
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
            return _missing.GetValueOrDefault(modelId)?.Pull is not null;
    }

    /// <summary>Takes down that a model is here and cannot be used now.</summary>
    internal void Fail(string modelId, string cause)
    {
        lock (_lock)
        {
            if (!_missing.TryGetValue(modelId, out var entry))
                _missing.Add(modelId, entry = new MissingModel(modelId, _time.GetUtcNow()) { Asked = _time.GetTimestamp() });
            entry.Fail(cause, _time.GetUtcNow());
        }
    }

    /// <summary>Takes down that a model is in use.</summary>
    internal void Succeed(string modelId)
    {
        lock (_lock)
            if (_missing.TryGetValue(modelId, out var entry) && entry.Pull is null)
                _missing.Remove(modelId);
    }

    /// <summary>Ends all pulls; what is downloaded is kept.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _meter.Dispose();
    }

    private void Check(MissingModel entry)
    {
        if (entry.Verdict is { } verdict)
        {
            // The next job that names it asks anew.
            _missing.Remove(entry.Model);
            throw new JobException(verdict);
        }
        if (Refusal(entry) is { } cause)
            throw new ModelUnavailableException(entry.Model, cause);
    }

    private string? Refusal(MissingModel entry) => entry.Pull is null
        ? _time.GetUtcNow() < entry.NextTry ? entry.Failure : null
        : entry.Failure ?? (_time.GetElapsedTime(entry.Began) >= Patience ? entry.Report.Text : null);

    private Task Begin(MissingModel entry)
    {
        (entry.Began, entry.Report) = (_time.GetTimestamp(), new PullReport());
        return Task.Run(() => PullAsync(entry));
    }

    private async Task PullAsync(MissingModel entry)
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
                entry.Fail(failure, _time.GetUtcNow());
            else if (verdict is null)
                _missing.Remove(entry.Model);
        }
    }

    /// <summary>Lets go of what no job has asked for lately: above all a verdict is not one for good.</summary>
    private void Forget()
    {
        foreach (var (model, entry) in _missing)
            if (entry.Pull is null && (_time.GetElapsedTime(entry.Asked) >= Wanted || (entry.Verdict is not null && _time.GetElapsedTime(entry.Ended) >= VerdictHolds)))
                _missing.Remove(model);
    }
}
