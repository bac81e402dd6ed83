using Sclip.Storage.Tests;
using Sclip.Testing.Servers;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Sclip.Storage.Tests;

/// <summary>One Azurite for all tests that do not stop it; each takes a container of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public AzuriteServer Server { get; } = new();

    public async ValueTask InitializeAsync() => await Server.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
