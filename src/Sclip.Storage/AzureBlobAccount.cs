using System.Runtime.CompilerServices;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace Sclip.Storage;

/// <summary>An account of Azure Blob, or of an emulator.</summary>
public sealed class AzureBlobAccount : IBlobAccount
{
    // One pool of connections for all accounts. A host that is gone shows within seconds, and addresses that change are followed.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2.5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
    })
    {
        // The client has timeouts of its own, which large blobs do not run into.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly BlobServiceClient _service;

    /// <summary>An account by its connection string.</summary>
    /// <exception cref="BlobStoreException">It is none.</exception>
    public AzureBlobAccount(string connectionString)
    {
        try
        {
            _service = new BlobServiceClient(connectionString, Options());
        }
        // The message of the inner exception may hold parts of the key.
        catch (Exception error) when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            throw new BlobStoreException(BlobStoreFault.Denied,
                "The connection string of the blob service cannot be read. It looks like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net'.");
        }
    }

    /// <summary>An account by its address, with the identity that the environment offers (workload identity, managed identity, a logged-in developer).</summary>
    /// <exception cref="BlobStoreException">The address is no https address.</exception>
    public AzureBlobAccount(Uri service)
    {
        if (!service.IsAbsoluteUri || service.Scheme != Uri.UriSchemeHttps)
            throw new BlobStoreException(BlobStoreFault.Denied, $"{service} cannot be used as the address of a blob service: an identity is sent by https only. It looks like 'https://ACCOUNT.blob.core.windows.net'.");
        _service = new BlobServiceClient(service, new DefaultAzureCredential(), Options());
    }

    /// <inheritdoc />
    public IBlobStore Container(string name)
    {
        if (!ContainerName.IsValid(name))
            throw new BlobStoreException(BlobStoreFault.InvalidName, ContainerName.Rule(name));
        return new AzureBlobStore(_service.GetBlobContainerClient(name), new AzureFaults(_service.Uri, name));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<string> ListContainersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var containers = _service.GetBlobContainersAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
            yield return containers.Current.Name;

        async Task<bool> MoveNextAsync()
        {
            try
            {
                return await containers.MoveNextAsync();
            }
            catch (Exception error) when (AzureFaults.IsClientFailure(error))
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new AzureFaults(_service.Uri, "*").Translate(error, "listed", null);
            }
        }
    }

    /// <inheritdoc />
    public async Task CreateContainerAsync(string name, CancellationToken cancellationToken)
    {
        if (!ContainerName.IsValid(name))
            throw new BlobStoreException(BlobStoreFault.InvalidName, ContainerName.Rule(name));
        try
        {
            await _service.GetBlobContainerClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception error) when (AzureFaults.IsClientFailure(error))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new AzureFaults(_service.Uri, name).Translate(error, "created", null);
        }
    }

    /// <summary>
    /// A service that refuses connections is given up after 4 s, one that takes them and does not answer after 17 s. A request, which may send
    /// a block, has 8 s of them.
    /// </summary>
    private static BlobClientOptions Options() => new()
    {
        Transport = new HttpClientTransport(Http),
        TrimBlobNameSlashes = false,
        RetryPolicy = new BoundedRetryPolicy(),
        Retry = { NetworkTimeout = TimeSpan.FromSeconds(8) },
    };
}
