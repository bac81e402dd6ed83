using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sclip.Hosting.Health;

namespace Sclip.Hosting.Tests.Health;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task It_ends_with_0_where_the_service_is_ready()
    {
        await using var host = await RunningHost.StartAsync(register: services => services.AddHealthChecks());
        var (code, output, error) = await RunAsync(host.Address.ToString());
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("""{"status":"healthy","parts":{}}""", output.Trim());
    }

    [Fact]
    public async Task It_ends_with_1_and_the_reason_where_the_service_is_not_ready()
    {
        await using var host = await RunningHost.StartAsync(register: services =>
            services.AddHealthChecks().AddCheck("store", () => HealthCheckResult.Unhealthy("The disk is gone."), tags: [DefaultEndpoints.ReadyTag]));
        var (code, output, _) = await RunAsync(host.Address.ToString());
        Assert.Equal(1, code);
        Assert.Contains("The disk is gone.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_1_where_nobody_answers()
    {
        // Bound, but not listened to: nobody else can take the port, and connections to it are refused.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var (code, output, error) = await RunAsync($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("does not answer", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("https://*:8443")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("no address")]
    public async Task It_names_the_key_where_there_is_no_address_to_ask(string? urls)
    {
        var (code, output, error) = await RunAsync(urls);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("SCLIP_URLS", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://*:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://+:80/", "http://127.0.0.1:80/")]
    [InlineData("http://0.0.0.0:5000", "http://127.0.0.1:5000/")]
    [InlineData("http://[::]:5000", "http://[::1]:5000/")]
    [InlineData("http://10.1.2.3:5000", "http://10.1.2.3:5000/")]
    [InlineData("https://*:8443; http://localhost:8080", "http://localhost:8080/")]
    public void Of_the_addresses_that_a_service_listens_at_it_asks_the_first_plain_one(string urls, string address) =>
        Assert.Equal(new Uri(address), HealthCommand.AddressIn(urls));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string? urls)
    {
        using StringWriter output = new(), error = new();
        var code = await HealthCommand.RunAsync("sclip-test", urls, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
