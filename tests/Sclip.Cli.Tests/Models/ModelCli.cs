using System.Collections.Concurrent;
using System.CommandLine;
using Sclip.Cli.Models;
using Sclip.Testing;
using Sclip.Worker.Models;

namespace Sclip.Cli.Tests.Models;

/// <summary>Runs <c>sclip model …</c> with a cache, environment and clock of its own.</summary>
internal sealed class ModelCli : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ModelCli(string? endpoint = null)
    {
        Environment["SCLIP_CACHE"] = _folder.Path;
        if (endpoint is not null)
            Environment["HF_ENDPOINT"] = endpoint;
    }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>The waits that were asked for; none takes time.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    /// <summary>Called at each wait.</summary>
    public Action OnWait { get; set; } = () => { };

    /// <summary>The first interrupt.</summary>
    public CancellationTokenSource Stop { get; set; } = new();

    public ModelCache Cache => new(_folder.Path);

    public string CacheRoot => _folder.Path;

    public string ModelDirectory => Path.Combine(_folder.Path, "models", "org--tiny-clip");

    public string PartOf(string file) => Path.Combine(_folder.Path, "partial", "org--tiny-clip", FakeHub.Commit, file + ".part");

    public Task<(int ExitCode, string Output, string Error)> Pull(params string[] options) => Run(["pull", FakeHub.Id, .. options]);

    public async Task<(int ExitCode, string Output, string Error)> Run(string[] arguments, CancellationToken? cancellationToken = null)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { ModelCommand.Create(Environment.GetValueOrDefault, Wait, Stop.Token) };
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await root.Parse(["model", .. arguments]).InvokeAsync(configuration, cancellationToken ?? TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        Stop.Dispose();
        _folder.Dispose();
    }

    private async Task Wait(TimeSpan time, CancellationToken cancellationToken)
    {
        Waits.Enqueue(time);
        OnWait();
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
