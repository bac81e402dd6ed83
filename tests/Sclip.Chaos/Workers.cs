using System.Globalization;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Chaos;

/// <summary>Workers as processes of their own, which a test may end in any way.</summary>
internal sealed class Workers(WorkerAddresses addresses, Faults faults) : IDisposable
{
    private readonly TemporaryFolder _cache = new();
    private string? _hub;
    private readonly List<ServerProcess> _running = [];
    private readonly List<string> _ended = [];

    /// <summary>Brings the number of workers to what is asked for: starts new ones, and kills those too many.</summary>
    /// <param name="count">How many.</param>
    /// <param name="delayMilliseconds">What the engine takes for a picture besides its own time.</param>
    /// <param name="lostAt">The call at which a new worker's engine loses its device; 0 for none.</param>
    /// <param name="checkpointSeconds">Seconds between two checkpoints.</param>
    /// <param name="port">Where a new worker answers; 0 for any.</param>
    /// <param name="hurry">How much faster than others a new worker counts the time without a consumer.</param>
    public void Have(int count, int delayMilliseconds = 20, int lostAt = 0, double checkpointSeconds = 0.2, int port = 0, int hurry = 1)
    {
        Forget();
        while (_running.Count > count)
            Kill(0, counted: false);
        while (_running.Count < count)
            _running.Add(Start(delayMilliseconds, lostAt, checkpointSeconds, port, hurry));
    }

    /// <summary>Has workers that are started from now on pull models from a hub; null for none.</summary>
    public void PullFrom(string? hub) => _hub = hub;

    /// <summary>Replaces workers that have died.</summary>
    /// <returns>How many.</returns>
    public int Revive(int count, double checkpointSeconds)
    {
        var before = _running.Count;
        Forget();
        var dead = before - _running.Count;
        Have(count, checkpointSeconds: checkpointSeconds);
        return dead;
    }

    /// <summary>Kills one at random (SIGKILL).</summary>
    public void KillAny() => Kill(Random.Shared.Next(_running.Count), counted: true);

    /// <summary>Asks the one that was started first to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateFirstAsync()
    {
        faults.Count("SIGTERM");
        return EndFirstAsync(worker => worker.TerminateAsync());
    }

    /// <summary>Waits until the one that was started first ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> FirstEndsAsync() => EndFirstAsync(worker => worker.EndAsync(TimeSpan.FromMinutes(3)));

    /// <summary>Waits until one of them ends by itself.</summary>
    /// <returns>Its exit code, and what it wrote last.</returns>
    public async Task<(int ExitCode, string Output)> AnyEndsAsync()
    {
        await Poll.UntilAsync("a worker ends", () => Task.FromResult(_running.Any(worker => worker.HasExited)), () => Task.FromResult(Output));
        var worker = _running.First(worker => worker.HasExited);
        await worker.EndAsync(TimeSpan.FromMinutes(3));
        var output = worker.Output;
        return (Took(worker), output);
    }

    private async Task<int> EndFirstAsync(Func<ServerProcess, Task> end)
    {
        var worker = _running[0];
        await end(worker);
        return Took(worker);
    }

    /// <summary>Takes one that has ended from among them.</summary>
    private int Took(ServerProcess worker)
    {
        _ended.Add(worker.Output);
        _running.Remove(worker);
        var code = worker.ExitCode;
        worker.Dispose();
        return code;
    }

    /// <summary>The last that all of them wrote.</summary>
    public string Output => string.Join("\n---\n", _ended.TakeLast(3).Concat(_running.Select(worker => worker.Output)));

    public void Dispose()
    {
        foreach (var worker in _running)
            worker.Dispose();
        _cache.Dispose();
    }

    private void Kill(int index, bool counted)
    {
        if (counted)
            faults.Count("SIGKILL");
        _running[index].Kill();
        Forget();
    }

    private void Forget()
    {
        foreach (var worker in _running.Where(worker => worker.HasExited).ToArray())
        {
            _ended.Add(worker.Output);
            _running.Remove(worker);
            worker.Dispose();
        }
    }

    private ServerProcess Start(int delayMilliseconds, int lostAt, double checkpointSeconds, int port, int hurry) => WorkerProcess.Start(addresses, _cache.Path, new Dictionary<string, string>
    {
        ["SCLIP_WORKER__CHECKPOINTSECONDS"] = checkpointSeconds.ToString(CultureInfo.InvariantCulture),
        ["CHAOS_DELAY_MS"] = delayMilliseconds.ToString(CultureInfo.InvariantCulture),
        ["CHAOS_LOST_AT"] = lostAt.ToString(CultureInfo.InvariantCulture),
        ["SCLIP_WORKER__PULLMODELS"] = _hub is null ? "false" : "true",
        ["HF_ENDPOINT"] = _hub ?? "",
        ["SCLIP_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["CHAOS_HURRY"] = hurry.ToString(CultureInfo.InvariantCulture),
    });
}
