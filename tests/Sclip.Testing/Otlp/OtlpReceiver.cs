using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Sclip.Testing.Otlp;

/// <summary>
/// A collector for tests: takes traces, metrics and logs of the OpenTelemetry protocol by HTTP and by gRPC, and keeps them. A process sends
/// here with OTEL_EXPORTER_OTLP_ENDPOINT = <see cref="HttpEndpoint"/> and OTEL_EXPORTER_OTLP_PROTOCOL = http/protobuf, or
/// <see cref="GrpcEndpoint"/> and grpc.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly List<OtlpSpan> _spans = [];
    private readonly List<string> _metrics = [];
    private readonly List<string> _logs = [];
    private readonly List<(string Path, IHeaderDictionary Headers)> _requests = [];
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication server) => _server = server;

    public string HttpEndpoint => _server.Urls.First();

    public string GrpcEndpoint => _server.Urls.Last();

    /// <summary>The spans received until now.</summary>
    public IReadOnlyList<OtlpSpan> Spans => Copy(_spans);

    /// <summary>The names of the metrics received until now, each as often as it came.</summary>
    public IReadOnlyList<string> Metrics => Copy(_metrics);

    /// <summary>The text of the log records received until now.</summary>
    public IReadOnlyList<string> Logs => Copy(_logs);

    /// <summary>Path and headers of the requests received until now.</summary>
    public IReadOnlyList<(string Path, IHeaderDictionary Headers)> Requests => Copy(_requests);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2);
        });
        var server = builder.Build();
        var receiver = new OtlpReceiver(server);
        server.Run(receiver.ReceiveAsync);
        await server.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what has been received satisfies <paramref name="enough"/>.</summary>
    /// <exception cref="TimeoutException">It did not within five minutes.</exception>
    public async Task WaitAsync(Func<OtlpReceiver, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (true)
        {
            Task arrival;
            lock (_spans)
                arrival = _arrival.Task;
            if (enough(this))
                return;
            try
            {
                await arrival.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Only these spans came: {string.Join(", ", Spans.Select(span => span.Name))}; {Metrics.Count} metrics, {Logs.Count} log records.");
            }
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        var isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        // Before a message gRPC has a byte for compression and four for the length.
        Keep(context.Request, content.ToArray().AsMemory(isGrpc ? 5 : 0));
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5]);
        }
        else
        {
            context.Response.ContentType = "application/x-protobuf";
        }
    }

    private void Keep(HttpRequest request, ReadOnlyMemory<byte> message)
    {
        var path = request.Path.ToString();
        lock (_spans)
        {
            _requests.Add((path, new HeaderDictionary(request.Headers.ToDictionary())));
            if (path.EndsWith("/traces", StringComparison.Ordinal) || path.EndsWith("TraceService/Export", StringComparison.Ordinal))
                _spans.AddRange(OtlpMessages.Spans(message));
            else if (path.EndsWith("/metrics", StringComparison.Ordinal) || path.EndsWith("MetricsService/Export", StringComparison.Ordinal))
                _metrics.AddRange(OtlpMessages.MetricNames(message));
            else if (path.EndsWith("/logs", StringComparison.Ordinal) || path.EndsWith("LogsService/Export", StringComparison.Ordinal))
                _logs.AddRange(OtlpMessages.LogLines(message));
            _arrival.SetResult();
            _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (_spans)
            return [.. list];
    }
}
