using System.Globalization;
using Sclip.Chaos;
using Sclip.Soak.Jobs;
using Sclip.Testing;

namespace Sclip.Soak.Cluster;

/// <summary>Keeps so many workers running, whatever ends them.</summary>
/// <param name="count">How many.</param>
/// <param name="cluster">The servers.</param>
/// <param name="logs">The folder of their logs.</param>
/// <param name="mayDie">Whether pictures are under way that kill workers.</param>
/// <param name="report">Told of workers that end by themselves.</param>
internal sealed class SoakWorkers(int count, SoakCluster cluster, string logs, Func<bool> mayDie, Report report) : IAsyncDisposable
{
    public const int DelayMilliseconds = 60, SlowMilliseconds = 600;

    private const int FailedCode = 1, KilledCode = 128 + 9;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(40);
    private readonly TemporaryFolder _cache = new();
    private readonly List<SoakWorker> _workers = [];
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _end = new();
    private Task? _tending;
    private int _started;

    public bool AnyWorks
    {
        get
        {
            lock (_turn)
                return _workers.Any(worker => worker.Works);
        }
    }

    public void Start() => _tending = TendAsync();

    /// <summary>Kills one (SIGKILL).</summary>
    /// <returns>Its number; null where there is none.</returns>
    public int? KillAny(Random random)
    {
        lock (_turn)
        {
            if (Choose(random) is not { } worker)
                return null;
            worker.MayEnd = true;
            worker.Process.Kill();
            return worker.Number;
        }
    }

    /// <summary>Asks one to end (SIGTERM); that it takes too long breaks a rule.</summary>
    /// <returns>Its number, and its end; null where there is none.</returns>
    public (int Number, Task End)? TerminateAny(Random random)
    {
        lock (_turn)
        {
            if (Choose(random) is not { } worker)
                return null;
            worker.MayEnd = true;
            return (worker.Number, TerminateAsync(worker));
        }
    }

    /// <summary>Freezes one for a while (SIGSTOP, SIGCONT).</summary>
    /// <returns>Its number, and its end; null where there is none.</returns>
    public (int Number, Task End)? FreezeAny(Random random, TimeSpan time)
    {
        lock (_turn)
        {
            if (Choose(random) is not { } worker)
                return null;
            worker.Freeze(true);
            return (worker.Number, ThawAsync(worker, time));
        }
    }

    /// <summary>Starts one more, which loses its device at a call of its engine, and then ends by itself.</summary>
    public int StartDoomed(int lostAt)
    {
        lock (_turn)
        {
            var worker = Start(lostAt);
            worker.MayEnd = true;
            return worker.Number;
        }
    }

    /// <summary>Ends all at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_tending is not null)
            await _tending;
        foreach (var worker in _workers)
            worker.Process.Dispose();
        _cache.Dispose();
        _end.Dispose();
    }

    private SoakWorker? Choose(Random random)
    {
        var alive = _workers.Where(worker => !worker.MayEnd && !worker.IsFrozen && !worker.Process.HasExited).ToArray();
        var draw = random.Next(int.MaxValue);
        return alive.Length == 0 ? null : alive[draw % alive.Length];
    }

    private async Task TerminateAsync(SoakWorker worker)
    {
        await worker.Process.TerminateAsync(EndPatience);
        if (worker.Process.ExitCode == KilledCode)
            report.Break($"worker {worker.Number} had not ended {EndPatience.TotalSeconds:0} s after SIGTERM.");
    }

    private async Task ThawAsync(SoakWorker worker, TimeSpan time)
    {
        await Task.Delay(time);
        lock (_turn)
            worker.Freeze(false);
    }

    private async Task TendAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            lock (_turn)
                Tend();
            await Task.Delay(Look);
        }
    }

    private void Tend()
    {
        foreach (var worker in _workers.Where(worker => worker.Process.HasExited).ToArray())
        {
            if (!worker.MayEnd && !(worker.Process.ExitCode == KilledCode && mayDie()) && !(worker.Process.ExitCode == FailedCode && HasMetHanging(worker.Number)))
                report.Break($"worker {worker.Number} ended by itself with {worker.Process.ExitCode}.");
            _workers.Remove(worker);
            // Not disposed while somebody waits for its end; what it holds goes with this process.
        }
        while (_workers.Count(worker => !worker.MayEnd) < count)
            Start(lostAt: 0);
    }

    /// <summary>Whether a worker has said that it ends since the decoder of a picture has not come back, which must be one that hangs.</summary>
    private bool HasMetHanging(int number)
    {
        using var log = new StreamReader(new FileStream(LogOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Contains($"The decoder of {SoakPictures.HangingFolder}", StringComparison.Ordinal);
    }

    private string LogOf(int number) => Path.Combine(logs, string.Create(CultureInfo.InvariantCulture, $"worker-{number:0000}.log"));

    private SoakWorker Start(int lostAt)
    {
        var number = ++_started;
        var log = new StreamWriter(LogOf(number)) { AutoFlush = true };
        var process = WorkerProcess.Start(cluster.Addresses, _cache.Path, new Dictionary<string, string>
        {
            // One of four gives long shards back by itself; the broker takes them from the others.
            ["SCLIP_WORKER__HOLDSECONDS"] = number % 4 == 0 ? "8" : "900",
            ["SCLIP_WORKER__PULLMODELS"] = "true",
            ["HF_ENDPOINT"] = cluster.Hub.Endpoint,
            ["SCLIP_WORKER__CHECKPOINTSECONDS"] = "0.2",
            ["CHAOS_DELAY_MS"] = DelayMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["CHAOS_SLOW_MS"] = SlowMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["CHAOS_LOST_AT"] = lostAt.ToString(CultureInfo.InvariantCulture),
        }, log);
        var worker = new SoakWorker(number, process);
        _workers.Add(worker);
        return worker;
    }
}
