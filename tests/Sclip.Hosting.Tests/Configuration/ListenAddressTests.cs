using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Sclip.Hosting.Configuration;
using Sclip.Testing.Servers;

namespace Sclip.Hosting.Tests.Configuration;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("Localhost")]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    public void A_port_that_another_program_has_is_told_with_what_to_do(string host)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{host}:{((IPEndPoint)other.LocalEndpoint).Port}";
        Assert.StartsWith($"The service cannot listen on {address}: ", Refused($"http://127.0.0.1:0;{address}"), StringComparison.Ordinal);
    }

    // Of a range that no machine has (RFC 5737).
    [Fact]
    public void An_address_of_another_machine_is_told_with_what_to_do() => Assert.Contains("Name another address", Refused("http://192.0.2.1:8080"), StringComparison.Ordinal);

    [Fact]
    public void An_address_that_is_free_is_still_free_after_it_was_tried()
    {
        var port = FreePort.Next();
        ListenAddresses.Try(Configuration($"http://127.0.0.1:{port}"));
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
    }

    [Fact]
    public void Addresses_that_others_win_over_are_not_tried()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (taken, free) = (((IPEndPoint)other.LocalEndpoint).Port, FreePort.Next());
        ListenAddresses.Try(new ConfigurationBuilder().AddInMemoryCollection([new("urls", $"http://127.0.0.1:{taken}"), new("Kestrel:Endpoints:Web:Url", $"http://127.0.0.1:{free}")]).Build());
        ListenAddresses.Try(new ConfigurationBuilder().AddInMemoryCollection([new("urls", $"http://127.0.0.1:{free}"), new("http_ports", $"{taken}")]).Build());
    }

    [Fact]
    public void A_port_of_the_newer_protocol_is_told_too()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 on this machine.");
        using var other = new TcpListener(IPAddress.IPv6Loopback, 0);
        other.Start();
        Assert.Contains("Name another address", Refused($"http://[::1]:{((IPEndPoint)other.LocalEndpoint).Port}"), StringComparison.Ordinal);
    }

    private static string Refused(string urls) => Assert.Throws<ConfigurationException>(() => ListenAddresses.Try(Configuration(urls))).Message;

    private static IConfiguration Configuration(string urls) => new ConfigurationBuilder().AddInMemoryCollection([new("urls", urls)]).Build();
}
