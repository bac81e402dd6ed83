using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Http;

/// <summary>Lets only callers in that know the key; without a key, only callers on this machine.</summary>
internal sealed class ApiKey(DispatcherOptions options)
{
    public const string Header = "X-Api-Key";

    private readonly byte[]? _expected = options.ApiKey is { } key ? SHA256.HashData(Encoding.UTF8.GetBytes(key)) : null;

    /// <summary>Refuses to start where the world could call and no key is set.</summary>
    /// <exception cref="ConfigurationException">An address is beyond loopback, and there is no key.</exception>
    public void Check(IEnumerable<string> addresses)
    {
        if (_expected is null && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
            throw new ConfigurationException($"{SclipOptions.Shown(DispatcherOptions.Section, nameof(DispatcherOptions.ApiKey))} is needed, since the service listens on {open}, beyond this machine.");
    }

    /// <summary>Lets a request go on that may.</summary>
    public Task GuardAsync(HttpContext context, RequestDelegate next) => context.GetEndpoint()?.Metadata.GetMetadata<NeedsNoKey>() is not null || Admits(context)
        ? next(context)
        : Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, $"The header {Header} is missing or wrong.");

    private bool Admits(HttpContext context)
    {
        // Without a key, a page from elsewhere whose name was bent to this machine must not pass for a local caller: it asks by that name.
        if (_expected is null)
            return (context.Connection.LocalIpAddress is null || IPAddress.IsLoopback(context.Connection.LocalIpAddress)) && IsLoopbackHost(context.Request.Host.Host);
        // Digests have one length, and are compared in constant time.
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers[Header].ToString()));
        return CryptographicOperations.FixedTimeEquals(given, _expected);
    }

    private static bool IsLoopback(string address)
    {
        try
        {
            return IsLoopbackHost(BindingAddress.Parse(address).Host);
        }
        catch (FormatException error)
        {
            throw new ConfigurationException($"'{address}' is no address to listen on; urls (SCLIP_URLS, --urls) reads http://127.0.0.1:8080, for example.", error);
        }
    }

    private static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}

/// <summary>Marks an endpoint that all may call, key or not: what a cluster watches the process by.</summary>
internal sealed class NeedsNoKey;
