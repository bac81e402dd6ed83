using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Sclip.Dashboard;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Http;

/// <summary>
/// Forwards <c>/workbench</c> to the workbench, whose callers are checked here. Of a request's and an answer's headers only those pass that are named: the
/// browser's session and its key are nobody else's.
/// </summary>
internal sealed class WorkbenchProxy(DispatcherOptions options, IHostApplicationLifetime host) : IDisposable
{
    private const long LargestRequest = 4L << 20;
    private const int BufferLength = 64 << 10;
    private static readonly string[] Asked = ["Accept", "Accept-Encoding", "If-None-Match"];
    private static readonly string[] Answered = ["Content-Type", "Content-Encoding", "Content-Length", "Content-Disposition", "Cache-Control", "ETag", "Location", "Vary"];

    // Straight to it, whatever proxy the environment names for the world; its address is looked up anew now and then, since pods come and go.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    public void Map(IEndpointRouteBuilder routes) => routes.Map("/workbench/{**path}", ForwardAsync).ExcludeFromDescription();

    public void Dispose() => _client.Dispose();

    private async Task ForwardAsync(HttpContext context)
    {
        if (options.Workbench is not { } address)
        {
            await UnavailableAsync(context, $"There is no workbench here: the dispatcher's setting {SclipOptions.Shown(DispatcherOptions.Section, nameof(DispatcherOptions.Workbench))} names none.");
            return;
        }
        using var request = await RequestAsync(context, address);
        HttpResponseMessage answer;
        try
        {
            answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        }
        // A connection that is not made in time is a cancellation. The reason holds addresses within the cluster, which are no caller's.
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !context.RequestAborted.IsCancellationRequested))
        {
            await UnavailableAsync(context, "The workbench does not answer: it may be starting. Try again in a moment; what was typed is lost where it has started anew.");
            return;
        }
        using (answer)
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                await UnavailableAsync(context, $"The workbench does not know this dispatcher: {SclipOptions.Shown(DispatcherOptions.Section, nameof(DispatcherOptions.WorkbenchKey))} must be the workbench's key.");
            else
                await AnswerAsync(context, answer);
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpContext context, string address)
    {
        var from = context.Request;
        var to = new HttpRequestMessage(HttpMethod.Parse(from.Method), new Uri(new Uri(address), from.Path.ToUriComponent() + from.QueryString.ToUriComponent()));
        foreach (var name in Asked)
            if (from.Headers.TryGetValue(name, out var values))
                to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (options.WorkbenchKey is { } key)
            to.Headers.Add(ServiceKey.Header, key);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
            return to;
        // Read to its end first: what is too large, or breaks off, never gets there.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LargestRequest;
        var body = new MemoryStream();
        await from.Body.CopyToAsync(body, context.RequestAborted);
        to.Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
        if (MediaTypeHeaderValue.TryParse(from.ContentType, out var type))
            to.Content.Headers.ContentType = type;
        return to;
    }

    /// <summary>Passes an answer on as it comes: events are sent one by one, and suggestions as they are found.</summary>
    private async Task AnswerAsync(HttpContext context, HttpResponseMessage from)
    {
        var to = context.Response;
        to.StatusCode = (int)from.StatusCode;
        foreach (var name in Answered)
            if (from.Headers.NonValidated.TryGetValues(name, out var values) || from.Content.Headers.NonValidated.TryGetValues(name, out values))
                to.Headers[name] = values.ToArray();
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // A service that ends does not wait for those who only listen.
        using var end = from.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping)
            : CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            await using var body = await from.Content.ReadAsStreamAsync(end.Token);
            var buffer = new byte[BufferLength];
            while (await body.ReadAsync(buffer, end.Token) is > 0 and var read)
            {
                await to.Body.WriteAsync(buffer.AsMemory(0, read), end.Token);
                await to.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, or this service ends.
        }
        catch (IOException)
        {
            // The workbench broke off: so must this, lest half an answer pass for a whole one.
            context.Abort();
        }
    }

    private static Task UnavailableAsync(HttpContext context, string detail) => Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, detail);
}
