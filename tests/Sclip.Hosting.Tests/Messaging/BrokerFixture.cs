using Sclip.Hosting.Tests.Messaging;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Sclip.Hosting.Tests.Messaging;

/// <summary>A real broker, started with the first test that needs it.</summary>
public sealed class BrokerFixture : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitMqServer>> _server = new(async () =>
    {
        var server = new RabbitMqServer();
        await server.StartAsync();
        return server;
    });

    public Task<RabbitMqServer> ServerAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
