using System.Net.Sockets;
using Sclip.Testing.Servers;

namespace Sclip.Storage.Tests;

/// <summary>The servers that other tests rely on: they start, stop, come back, and leave nothing behind.</summary>
public sealed class RealServerTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_comes_back_on_its_port_after_it_was_killed()
    {
        await using var broker = new RabbitMqServer();
        await broker.StartAsync(Token);
        Assert.Empty(await broker.QueuesAsync(Token));
        await broker.StopAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => ConnectAsync(broker.Port));
        await broker.StartAsync(Token);
        await ConnectAsync(broker.Port);
        Assert.Empty(await broker.QueuesAsync(Token));
    }

    [Fact]
    public async Task A_relay_cuts_the_connections_that_there_are_and_takes_new_ones()
    {
        await using var relay = new TcpRelay(azurite.Server.Port);
        using var first = new HttpClient();
        await first.GetAsync($"http://127.0.0.1:{relay.Port}/", Token);
        using var idle = new TcpClient();
        await idle.ConnectAsync("127.0.0.1", relay.Port, Token);
        await first.GetAsync($"http://127.0.0.1:{relay.Port}/", Token);
        Assert.InRange(relay.Cut(), 2, 3);
        await Assert.ThrowsAnyAsync<IOException>(async () => await idle.GetStream().ReadExactlyAsync(new byte[1], Token));
        await first.GetAsync($"http://127.0.0.1:{relay.Port}/", Token);
    }

    private static async Task ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Token);
    }
}
