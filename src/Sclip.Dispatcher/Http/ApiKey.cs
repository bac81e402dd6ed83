using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sclip.Dashboard;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Http;

/// <summary>Lets only callers in that know the key; without a key, only callers on this machine.</summary>
internal sealed class ApiKey(DispatcherOptions options)
{
    private readonly ServiceKey? _expected = options.ApiKey is { } key ? new ServiceKey(key) : null;
    private readonly BrowserSession? _session = options.ApiKey is { } secret ? new BrowserSession(Encoding.UTF8.GetBytes(secret)) : null;

    /// <summary>Whether callers need a key.</summary>
    public bool IsNeeded => _expected is not null;

    /// <summary>Refuses to start where the world could call and no key is set.</summary>
    /// <exception cref="ConfigurationException">An address is beyond loopback, and there is no key.</exception>
    public void Check(IEnumerable<string> addresses)
    {
        if (_expected is null && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
            throw new ConfigurationException($"{SclipOptions.Shown(DispatcherOptions.Section, nameof(DispatcherOptions.ApiKey))} is needed, since the service listens on {open}, beyond this machine.");
    }

    /// <summary>Lets a request go on that may.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (CallerChecks.IsForged(context.Request))
            return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "A page of another site sent this request; only the dashboard itself may.");
        return context.GetEndpoint()?.Metadata.GetMetadata<NeedsNoKey>() is not null || Admits(context)
            ? next(context)
            : Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, $"The header {ServiceKey.Header} is missing or wrong.");
    }

    /// <summary>Gives a browser that sent the key a session in its place.</summary>
    public void BeginSession(HttpContext context) => _session?.Begin(context);

    /// <summary>Whether a request may go on: it has the key, comes from a session, or none is needed and it comes from this machine.</summary>
    public bool Admits(HttpContext context)
    {
        // Without a key, a page from elsewhere whose name was bent to this machine must not pass for a local caller: it asks by that name.
        if (_expected is null)
            return (context.Connection.LocalIpAddress is null || IPAddress.IsLoopback(context.Connection.LocalIpAddress)) && CallerChecks.IsLoopbackHost(context.Request.Host.Host);
        return _expected.IsIn(context.Request) || _session!.Admits(context);
    }

    private static bool IsLoopback(string address)
    {
        try
        {
            return CallerChecks.IsLoopbackAddress(address);
        }
        catch (FormatException error)
        {
            throw new ConfigurationException($"'{address}' is no address to listen on; urls (SCLIP_URLS, --urls) reads http://127.0.0.1:8080, for example.", error);
        }
    }
}
