namespace Sclip.Storage;

/// <summary>An account of blobs, divided into containers.</summary>
public interface IBlobAccount
{
    /// <summary>The store of a container, which need not exist yet.</summary>
    /// <exception cref="BlobStoreException">The name cannot be one of a container.</exception>
    IBlobStore Container(string name);

    /// <summary>Lists the names of the containers, in no certain order; in a folder also names that are none of a container.</summary>
    /// <param name="cancellationToken">Checked between containers.</param>
    /// <exception cref="BlobStoreException">They cannot be listed.</exception>
    IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken);

    /// <summary>Creates a container where it is missing.</summary>
    Task CreateContainerAsync(string name, CancellationToken cancellationToken);
}
