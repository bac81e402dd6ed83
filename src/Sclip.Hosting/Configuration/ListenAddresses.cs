using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Sclip.Hosting.Configuration;

/// <summary>Where the server is going to listen, by every key of the configuration that can say so.</summary>
public static class ListenAddresses
{
    private const int MostPort = 65535;

    /// <summary>Looks whether the server can listen there, before it tries.</summary>
    /// <exception cref="ConfigurationException">An address is none.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var address in Of(configuration))
            if (address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
                throw new ConfigurationException($"urls (SCLIP_URLS) has '{address}', and the services speak plain HTTP alone. Name http://HOST:PORT, and let a gateway or an ingress before it speak TLS.");
            else if (!IsAddress(address))
                throw new ConfigurationException($"urls (SCLIP_URLS) has '{address}', where no server can listen; it reads http://HOST:PORT with a port of 0 to {MostPort}, such as http://127.0.0.1:8080.");
    }

    /// <summary>Takes each address for a moment, so that what cannot be had is told before anything is started.</summary>
    /// <exception cref="ConfigurationException">Another program listens there, or the address is not of this machine.</exception>
    public static void Try(IConfiguration configuration)
    {
        foreach (var text in Of(configuration))
            if (BindingAddress.Parse(text) is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 } address)
                try
                {
                    var end = new IPEndPoint(Host(address.Host), address.Port);
                    using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(end);
                }
                catch (SocketException error)
                {
                    throw new ConfigurationException($"urls (SCLIP_URLS) has '{text}', where the service cannot listen: {error.Message}. Name another address, such as http://127.0.0.1:8081.", error);
                }
    }

    /// <summary>As the server reads it: what is no address, and not this machine, is all addresses.</summary>
    private static IPAddress Host(string host) => IPAddress.TryParse(host, out var address) ? address : host == "localhost" ? IPAddress.Loopback : IPAddress.Any;

    private static bool IsAddress(string text)
    {
        try
        {
            return BindingAddress.Parse(text) is { Scheme: "http", Port: >= 0 and <= MostPort } address && (address.IsUnixPipe || address.IsNamedPipe || address.Host.Length > 0);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The addresses.</summary>
    public static IEnumerable<string> Of(IConfiguration configuration)
    {
        foreach (var address in Parts(configuration["urls"]))
            yield return address;
        // Ports alone are ports of all addresses.
        foreach (var port in Parts(configuration["http_ports"]))
            yield return $"http://*:{port}";
        foreach (var port in Parts(configuration["https_ports"]))
            yield return $"https://*:{port}";
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
            if (endpoint["Url"] is { } address)
                yield return address;
    }

    private static string[] Parts(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
