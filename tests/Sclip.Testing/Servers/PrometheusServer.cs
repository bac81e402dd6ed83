using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sclip.Testing.Servers;

/// <summary>A real Prometheus that scrapes addresses every second, which is what they have to answer.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(TemporaryFolder folder, Process process, HttpClient client) => (_folder, _process, _client) = (folder, process, client);

    public static PrometheusServer Start(params ReadOnlySpan<Uri> targets)
    {
        var addresses = string.Join(", ", targets.ToArray().Select(target => $"\"{target.Authority}\""));
        var folder = new TemporaryFolder();
        var config = folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: sclip
                static_configs: [{ targets: [{{addresses}}] }]
            """);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}");
        var process = Tool.Start("prometheus", $"--config.file={config}", $"--storage.tsdb.path={folder["data"]}", $"--web.listen-address={address}", "--log.level=error");
        return new(folder, process, new HttpClient { BaseAddress = new($"http://{address}") });
    }

    /// <summary>Waits until a query gives one value and it is <paramref name="expected"/>; the labels are those of its series.</summary>
    public async Task<(string Value, JsonObject Labels)> ValueAsync(string query, string expected)
    {
        var only = (await UntilAsync(query, expected, series => series is [var only] && (string?)only!["value"]![1] == expected))[0]!;
        return (expected, only["metric"]!.AsObject());
    }

    /// <summary>Waits until a query gives at least one series.</summary>
    public Task<JsonArray> SeriesAsync(string query) => UntilAsync(query, "anything", series => series.Count > 0);

    /// <summary>The names of all metrics that it has scraped.</summary>
    public async Task<string[]> NamesAsync() =>
        [.. JsonNode.Parse(await _client.GetStringAsync("/api/v1/label/__name__/values"))!["data"]!.AsArray().Select(name => (string)name!)];

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonArray> UntilAsync(string query, string expected, Func<JsonArray, bool> isReached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var last = "no answer";
        while (!limit.IsCancellationRequested)
        {
            try
            {
                using var answer = await _client.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", limit.Token);
                last = await answer.Content.ReadAsStringAsync(limit.Token);
                if (answer.StatusCode == HttpStatusCode.BadRequest)
                    throw new InvalidOperationException($"Prometheus does not understand {query}: {last}");
                if (JsonNode.Parse(last)!["data"]?["result"]?.AsArray() is { } series && isReached(series))
                    return series;
            }
            catch (Exception error) when (error is HttpRequestException or JsonException or OperationCanceledException)
            {
                // It is starting, or the time is over.
            }
            // Prometheus tells nobody when it has scraped; it can only be asked again.
            await Task.Delay(100);
        }
        throw new TimeoutException($"Prometheus did not come to say {expected} for {query}, but: {last}");
    }
}
