using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Sclip.Testing.Servers;

namespace Sclip.Soak.Cluster;

/// <summary>A blob service that passes requests on to another one, and misbehaves as it is told.</summary>
internal sealed class FaultyStore : IAsyncDisposable
{
    private const int BufferBytes = 81920;
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Transfer-Encoding", "Host"];
    private readonly ConcurrentDictionary<object, StoreTrouble> _troubles = new(ReferenceEqualityComparer.Instance);
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });
    private readonly string _target;
    private readonly WebApplication _app;

    /// <param name="target">The port of the service behind it.</param>
    public FaultyStore(int target)
    {
        _target = $"http://127.0.0.1:{target}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public int Port { get; } = FreePort.Next();

    public Task StartAsync() => _app.StartAsync();

    /// <summary>Misbehaves until that is disposed.</summary>
    public IDisposable Have(StoreTrouble trouble)
    {
        _troubles[trouble] = trouble;
        return new End(() => _troubles.TryRemove(trouble, out _));
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var unanswered = false;
        foreach (var trouble in _troubles.Values)
        {
            await Task.Delay(trouble.Delay, context.RequestAborted);
            if (trouble.IsFull && HttpMethods.IsPut(context.Request.Method))
            {
                await RefuseAsync(context, StatusCodes.Status500InternalServerError, "InternalError");
                return;
            }
            if (Random.Shared.NextDouble() < trouble.Refused)
            {
                await (Random.Shared.Next(2) == 0 ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "ServerBusy") : RefuseAsync(context, StatusCodes.Status500InternalServerError, "InternalError"));
                return;
            }
            unanswered |= Random.Shared.NextDouble() < trouble.Unanswered;
        }
        try
        {
            using var answer = await _client.SendAsync(Copy(context.Request), context.RequestAborted);
            if (unanswered)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
                if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase))
                    context.Response.Headers[name] = values.ToArray();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        // The service behind is stopped, or the client is gone: a broken connection, as without this in between.
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private HttpRequestMessage Copy(HttpRequest request)
    {
        // As it was sent: the client has signed it.
        var address = new Uri(_target + request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), address) { Version = HttpVersion.Version11 };
        if (request.ContentLength is not null || request.Headers.TransferEncoding.Count > 0)
            copy.Content = new StreamContent(request.Body, BufferBytes);
        foreach (var (name, values) in request.Headers)
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase) && !copy.Headers.TryAddWithoutValidation(name, values.ToArray()))
                copy.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        return copy;
    }

    private static async Task RefuseAsync(HttpContext context, int status, string code)
    {
        // A connection whose request is not read to its end cannot be used again.
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.Headers["x-ms-error-code"] = code;
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>Told to.</Message></Error>", context.RequestAborted);
    }

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
