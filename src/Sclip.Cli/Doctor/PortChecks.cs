using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli.Doctor;

/// <summary>The ports where services listen: free, or taken by one of them.</summary>
internal static class PortChecks
{
    private static readonly string[] Usual = ["http://127.0.0.1:8080", "http://127.0.0.1:8082"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<Finding>> AllAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            ListenAddresses.Check(configuration);
        }
        catch (ConfigurationException error)
        {
            return [new Finding { Name = "ports", State = FindingState.Missing, Detail = error.Message, Advice = "Correct SCLIP_URLS." }];
        }
        string[] named = [.. ListenAddresses.Of(configuration)];
        return await Task.WhenAll((named.Length > 0 ? named : Usual).Select(BindingAddress.Parse).Where(address => address is { IsUnixPipe: false, IsNamedPipe: false, Port: > 0 })
            .Select(address => InspectAsync(address, isNamed: named.Length > 0, cancellationToken)));
    }

    private static async Task<Finding> InspectAsync(BindingAddress address, bool isNamed, CancellationToken cancellationToken)
    {
        var (name, port) = ($"port {address.Port}", address.Port);
        if (ListenAddresses.Refusal(address) is null)
            return new Finding { Name = name, State = FindingState.Ok, Detail = "It is free for a service." };
        if (await IsServiceAsync(address, cancellationToken))
            return new Finding { Name = name, State = FindingState.Ok, Detail = "A service of Sclip listens there." };
        return new Finding
        {
            Name = name,
            State = isNamed ? FindingState.Missing : FindingState.NotConfigured,
            Detail = "Another program listens there, or the port may not be opened.",
            Advice = "End that program, or have the service listen elsewhere by SCLIP_URLS or --urls=http://127.0.0.1:PORT.",
        };
    }

    private static async Task<bool> IsServiceAsync(BindingAddress address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri($"{address.Scheme}://127.0.0.1:{address.Port}/healthz/live"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
