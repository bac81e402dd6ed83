using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Cluster;

/// <summary>A model hub that has the demo's model under as many ids as it is told, some of which it does not give now.</summary>
internal sealed class ModelHub : IAsyncDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private static readonly string Folder = Path.Combine(Repository.Root, "models", "demo", "model");
    private readonly ConcurrentDictionary<string, bool> _given = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private readonly int _port = FreePort.Next();

    public ModelHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        _app = builder.Build();
        _app.MapGet("/api/models/{organisation}/{name}/revision/main", (HttpContext context, string organisation, string name) => AnswerAsync(context, $"{organisation}/{name}", Describe()));
        _app.MapGet($"/{{organisation}}/{{name}}/resolve/{Commit}/{{file}}", (HttpContext context, string organisation, string name, string file) =>
            AnswerAsync(context, $"{organisation}/{name}", Results.File(Path.Combine(Folder, Path.GetFileName(file)))));
    }

    public string Endpoint => $"http://127.0.0.1:{_port}";

    public Task StartAsync() => _app.StartAsync();

    /// <summary>Has a model, and gives it or is out of order when asked for it.</summary>
    public void Have(string id, bool isGiven) => _given[id] = isGiven;

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context, string id, IResult answer) =>
        (_given.TryGetValue(id, out var isGiven) ? isGiven ? answer : Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.NotFound()).ExecuteAsync(context);

    private static IResult Describe() => Results.Content(
        $"{{\"sha\": \"{Commit}\", \"siblings\": [{string.Join(", ", Directory.GetFiles(Folder).Select(file => $"{{\"rfilename\": \"{Path.GetFileName(file)}\", \"size\": {new FileInfo(file).Length}}}"))}]}}", "application/json");
}
