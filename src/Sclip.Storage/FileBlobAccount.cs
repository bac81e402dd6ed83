namespace Sclip.Storage;

/// <summary>Containers as folders.</summary>
/// <param name="root">The folder that holds them.</param>
/// <param name="durable">Whether what is written outlasts a loss of power.</param>
public sealed class FileBlobAccount(string root, bool durable = true) : IBlobAccount
{
    /// <inheritdoc />
    public IBlobStore Container(string name) => new FileBlobStore(PathOf(name), durable);

    /// <inheritdoc />
    public IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken) => new FileBlobStore(root, durable).ListFoldersAsync("", cancellationToken);

    /// <inheritdoc />
    public Task CreateContainerAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            if (durable)
                DurableFolder.Create(PathOf(name));
            else
                Directory.CreateDirectory(PathOf(name));
            return Task.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BlobStoreException(BlobStoreFault.Denied, $"{PathOf(name)} cannot be created: {error.Message}", error);
        }
    }

    private string PathOf(string container) => ContainerName.IsValid(container)
        ? Path.Combine(Path.GetFullPath(root), container)
        : throw new BlobStoreException(BlobStoreFault.InvalidName, ContainerName.Rule(container));
}
