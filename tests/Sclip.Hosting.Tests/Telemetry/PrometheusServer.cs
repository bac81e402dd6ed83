using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Hosting.Tests.Telemetry;

/// <summary>A real Prometheus that scrapes one address four times a second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusServer(TemporaryFolder folder, Process process, HttpClient client) => (_folder, _process, _client) = (folder, process, client);

    public static PrometheusServer Start(Uri target)
    {
        var folder = new TemporaryFolder();
        var config = folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 250ms, scrape_timeout: 250ms }
            scrape_configs:
              - job_name: sclip
                static_configs: [{ targets: ["{{target.Authority}}"] }]
            """);
        var address = FreeAddress();
        var process = Tool.Start("prometheus", $"--config.file={config}", $"--storage.tsdb.path={folder["data"]}", $"--web.listen-address={address}", "--log.level=error");
        return new(folder, process, new HttpClient { BaseAddress = new($"http://{address}") });
    }

    /// <summary>Waits until a query gives one value and it is <paramref name="expected"/>; the labels are those of its series.</summary>
    public async Task<(string Value, JsonObject Labels)> ValueAsync(string query, string expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var last = "no answer";
        while (!limit.IsCancellationRequested)
        {
            try
            {
                last = await _client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", limit.Token);
                if (JsonNode.Parse(last)!["data"]!["result"]!.AsArray() is [var only] && (string?)only!["value"]![1] is { } value && value == expected)
                    return (value, only["metric"]!.AsObject());
            }
            catch (Exception error) when (error is HttpRequestException or JsonException)
            {
                // It is starting.
            }
            // Prometheus tells nobody when it has scraped; it can only be asked again.
            await Task.Delay(100);
        }
        throw new TimeoutException($"Prometheus did not come to say {expected} for {query}, but: {last}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
