using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Sclip.Testing.Servers;

/// <summary>A program under way in the background, whose output is kept for the message of a failure.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const int Terminate = 15, Continue = 18, Stop = 19;
    private const int KeptLength = 8_000;

    // Far longer than any of them takes on a machine that does much else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private readonly TextWriter? _log;

    private ServerProcess(Process process, TextWriter? log) => (_process, _log) = (process, log);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last of what it wrote to both its streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What its environment holds beside this process's.</param>
    /// <param name="log">Where all that it writes goes, too; closed with it.</param>
    public static ServerProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, TextWriter? log = null)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        var server = new ServerProcess(new Process { StartInfo = info }, log);
        server._process.OutputDataReceived += server.Keep;
        server._process.ErrorDataReceived += server.Keep;
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Asks again and again until it is ready; fails with its output where it ends before.</summary>
    public async Task UntilAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            while (!await isReady(limit.Token))
            {
                if (HasExited)
                    throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}: {Output}");
                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} is not ready after {Patience.TotalMinutes} minutes: {Output}");
        }
    }

    /// <summary>Waits until one of the program's services says that it is ready; fails with its output where it ends before.</summary>
    /// <param name="address">Where it listens.</param>
    public async Task UntilReadyAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        await UntilAsync(token => IsReadyAsync(client, token), CancellationToken.None);
    }

    /// <summary>Asks it to end (SIGTERM) and waits; kills it where it does not.</summary>
    public Task TerminateAsync() => TerminateAsync(TimeSpan.FromMinutes(2));

    /// <summary>Asks it to end (SIGTERM) and waits for so long; kills it where it does not.</summary>
    public Task TerminateAsync(TimeSpan patience)
    {
        if (!HasExited)
            _ = SendSignal(_process.Id, Terminate);
        return EndAsync(patience);
    }

    /// <summary>Waits for so long until it has ended; kills it where it has not.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
    }

    /// <summary>Waits until it has ended of itself and all its output is read; fails with that where it does not end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} has not ended after {Patience.TotalMinutes} minutes: {Output}");
        }
    }

    /// <summary>Ends it and what it started at once (SIGKILL).</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Stops it where it stands (SIGSTOP), or lets it go on (SIGCONT).</summary>
    public void Freeze(bool isFrozen) => _ = SendSignal(_process.Id, isFrozen ? Stop : Continue);

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        lock (_output)
            _log?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
            if (line.Data is not null)
                _log?.WriteLine(line.Data);
            if (_output.Length > KeptLength)
                _output.Remove(0, _output.Length - KeptLength);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync("/healthz/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
