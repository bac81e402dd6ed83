using System.Text;
using Sclip.Testing;

namespace Sclip.Storage.Tests;

/// <summary>What tests of any kind of store share: a container of their own, and short forms.</summary>
public abstract class StoreTests(IBlobAccount account) : IAsyncLifetime
{
    private readonly string _container = $"test-{Guid.NewGuid():n}";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected IBlobAccount Account => account;

    protected IBlobStore Store => account.Container(_container);

    protected IBlobStore MissingContainer => account.Container("nowhere");

    public async ValueTask InitializeAsync() => await account.CreateContainerAsync(_container, Token);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected Task<string?> Write(string name, string text, WriteCondition condition = default) => Store.WriteAsync(name, Encoding.UTF8.GetBytes(text), condition, Token);

    protected async Task<string> Read(string name) => Encoding.UTF8.GetString((await Store.ReadAsync(name, 10_000, Token)).Bytes);

    protected async Task<string[]> List(string prefix = "", string? after = null) => await Store.ListAsync(prefix, after, Token).Select(blob => blob.Name).ToArrayAsync(Token);

    protected static async Task<BlobStoreFault> FaultOf(Func<Task> call) => (await Assert.ThrowsAsync<BlobStoreException>(call)).Fault;

    protected static async Task<BlobStoreException> Refuse(Task task) => await Assert.ThrowsAsync<BlobStoreException>(() => task);
}

/// <summary>The folder in which a class's file stores are.</summary>
public sealed class StoreFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileBlobAccount Account => new(_folder.Path);

    public void Dispose() => _folder.Dispose();
}
