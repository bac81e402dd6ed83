using Microsoft.Extensions.Configuration;

namespace Sclip.Dispatcher.Http;

/// <summary>Where the server is going to listen, by every key of the configuration that can say so.</summary>
internal static class ListenAddresses
{
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
