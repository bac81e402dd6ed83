using System.Globalization;
using Sclip.Testing.Servers;

namespace Sclip.Images.Tests;

/// <summary>A broker and a blob server, and the settings by which programs find them.</summary>
public sealed class Servers : IAsyncLifetime
{
    internal AzuriteServer Azurite { get; } = new();

    internal RabbitMqServer RabbitMq { get; } = new();

    public async ValueTask InitializeAsync() => await Task.WhenAll(Azurite.StartAsync(), RabbitMq.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Azurite.DisposeAsync();
        await RabbitMq.DisposeAsync();
    }

    /// <summary>The settings of a service that listens on a port.</summary>
    internal Dictionary<string, string> Settings(int port) => new()
    {
        ["SCLIP_STORE__CONNECTION"] = Azurite.ConnectionString,
        ["SCLIP_BROKER__URI"] = RabbitMq.Uri.ToString(),
        ["SCLIP_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://*:{port}"),
    };
}
