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

    /// <summary>Takes each address that the server is going to take, for a moment, so that what cannot be had is told before anything is started.</summary>
    /// <exception cref="ConfigurationException">Another program listens there, or the address is not of this machine.</exception>
    public static void Try(IConfiguration configuration)
    {
        foreach (var text in Used(configuration))
            if (BindingAddress.Parse(text) is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 } address && Refusal(address) is { } why)
                throw new ConfigurationException($"The service cannot listen on {text}: {why}. Name another address (--urls, SCLIP_URLS), such as http://127.0.0.1:8081.");
    }

    /// <summary>Why nobody can listen on an address of TCP now; null where it is free.</summary>
    public static string? Refusal(BindingAddress address)
    {
        try
        {
            var end = new IPEndPoint(Host(address.Host), address.Port);
            using var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(end);
            return null;
        }
        catch (SocketException error)
        {
            return error.Message;
        }
    }

    /// <summary>As the server reads it: what is no address, and not this machine, is all addresses.</summary>
    private static IPAddress Host(string host) =>
        IPAddress.TryParse(host, out var address) ? address : host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Any;

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

    /// <summary>The addresses, by all keys.</summary>
    public static IEnumerable<string> Of(IConfiguration configuration) => [.. Parts(configuration["urls"]), .. Ports(configuration), .. Endpoints(configuration)];

    // Endpoints win over urls, and these over ports.
    private static IEnumerable<string> Used(IConfiguration configuration) =>
        Endpoints(configuration).ToArray() is { Length: > 0 } endpoints ? endpoints : Parts(configuration["urls"]) is { Length: > 0 } urls ? urls : Ports(configuration);

    // Ports alone are ports of all addresses.
    private static IEnumerable<string> Ports(IConfiguration configuration) =>
        [.. Parts(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Parts(configuration["https_ports"]).Select(port => $"https://*:{port}")];

    private static IEnumerable<string> Endpoints(IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();

    private static string[] Parts(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
