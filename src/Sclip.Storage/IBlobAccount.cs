namespace Sclip.Storage;

/// <summary>An account of blobs, divided into containers.</summary>
public interface IBlobAccount
{
    /// <summary>The store of a container, which need not exist yet.</summary>
    /// <exception cref="BlobStoreException">The name cannot be one of a container.</exception>
    IBlobStore Container(string name);

    /// <summary>Creates a container where it is missing.</summary>
    Task CreateContainerAsync(string name, CancellationToken cancellationToken);
}
