using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Sclip.Testing.Servers;

namespace Sclip.Storage.Tests;

/// <summary>What only a store behind a network can do: refuse a key, be gone, lose an answer.</summary>
public sealed class AzureBlobStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_key_is_denied_in_one_line()
    {
        var account = new AzureBlobAccount(AzuriteServer.ConnectionStringFor(azurite.Server.Port, Convert.ToBase64String(new byte[64])));
        var store = account.Container("some");
        foreach (var call in (Func<Task>[])
            [
                () => store.ReadAsync("a", 100, Token), () => store.WriteAsync("a", new byte[1], WriteCondition.None, Token), () => store.ListAsync("", null, Token).AnyAsync(Token).AsTask(),
                () => store.ExistsAsync("a", Token), () => store.DeleteAsync("a", Token), () => account.CreateContainerAsync("some", Token),
            ])
        {
            var error = await Assert.ThrowsAsync<BlobStoreException>(call);
            Assert.Equal(BlobStoreFault.Denied, error.Fault);
            Assert.Contains($"container 'some' at {azurite.Server.ServiceUri}", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public async Task A_marker_of_a_folder_is_told_from_an_empty_blob()
    {
        var client = new BlobContainerClient(azurite.Server.ConnectionString, $"c{Guid.NewGuid():n}");
        await client.CreateAsync(cancellationToken: Token);
        foreach (var (name, mark) in ((string, string?)[])[("a.jpg", "true"), ("b.jpg", null), ("c.jpg", "false"), ("d.jpg", "True")])
        {
            await client.GetBlobClient(name).UploadAsync(new MemoryStream(), Token);
            if (mark is not null)
                await client.GetBlobClient(name).SetMetadataAsync(new Dictionary<string, string> { ["hdi_isfolder"] = mark }, cancellationToken: Token);
        }
        var listed = await new AzureBlobAccount(azurite.Server.ConnectionString).Container(client.Name).ListAsync("", null, Token).ToListAsync(Token);
        Assert.Equal([("a.jpg", true), ("b.jpg", false), ("c.jpg", false), ("d.jpg", true)], listed.Select(entry => (entry.Name, entry.IsFolder)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AccountName=a;AccountKey=not-base64")]
    public void A_connection_string_that_is_none_is_refused(string text)
    {
        var error = Assert.Throws<BlobStoreException>(() => new AzureBlobAccount(text));
        Assert.Contains("connection string", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not-base64", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_identity_is_sent_to_no_plain_address() =>
        Assert.Contains("https", Assert.Throws<BlobStoreException>(() => new AzureBlobAccount(new Uri(azurite.Server.ServiceUri))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_container_and_a_missing_blob_are_told_apart()
    {
        var account = new AzureBlobAccount(azurite.Server.ConnectionString);
        await account.CreateContainerAsync("some", Token);
        await account.CreateContainerAsync("some", Token);
        Assert.StartsWith("The blob 'a' in the container 'some'", (await Assert.ThrowsAsync<BlobStoreException>(() => account.Container("some").ReadAsync("a", 1, Token))).Message, StringComparison.Ordinal);
        Assert.StartsWith("The container 'nowhere'", (await Assert.ThrowsAsync<BlobStoreException>(() => account.Container("nowhere").ReadAsync("a", 1, Token))).Message, StringComparison.Ordinal);
        var write = await Assert.ThrowsAsync<BlobStoreException>(() => account.Container("nowhere").WriteAsync("a", new byte[1], WriteCondition.Missing, Token));
        Assert.Equal(BlobStoreFault.Missing, write.Fault);
    }

    [Fact]
    public async Task A_listing_goes_on_behind_its_first_page()
    {
        var container = new BlobServiceClient(azurite.Server.ConnectionString).GetBlobContainerClient("pages");
        await container.CreateIfNotExistsAsync(cancellationToken: Token);
        var store = new AzureBlobStore(container, new AzureFaults(container.Uri, "pages"), pageSize: 7);
        var names = Enumerable.Range(0, 50).Select(i => $"many/{i / 10}/{i % 10}").ToArray();
        await Parallel.ForEachAsync(names, Token, async (name, _) => await store.WriteAsync(name, new byte[1], WriteCondition.None, Token));
        Assert.Equal(names, await store.ListAsync("many/", null, Token).Select(blob => blob.Name).ToArrayAsync(Token));
        Assert.Equal(names[41..], await store.ListAsync("", names[40], Token).Select(blob => blob.Name).ToArrayAsync(Token));
        Assert.Equal(names[..8], await store.ListAsync("", null, Token).Select(blob => blob.Name).Take(8).ToArrayAsync(Token));
    }

    [Fact]
    public async Task A_service_that_is_gone_is_unavailable_until_it_is_back()
    {
        await using var server = new AzuriteServer();
        await server.StartAsync(Token);
        var account = new AzureBlobAccount(server.ConnectionString);
        await account.CreateContainerAsync("some", Token);
        var store = account.Container("some");
        var tag = await store.WriteAsync("kept", new byte[3], WriteCondition.Missing, Token);

        await server.StopAsync();
        Func<Task>[] calls =
        [
            () => store.ReadAsync("kept", 100, Token), () => store.WriteAsync("a", new byte[1], WriteCondition.Missing, Token), () => store.ListAsync("", null, Token).AnyAsync(Token).AsTask(),
            () => store.ExistsAsync("kept", Token), () => store.DeleteAsync("kept", Token), () => account.CreateContainerAsync("other", Token),
        ];
        foreach (var error in await Task.WhenAll(calls.Select(call => Assert.ThrowsAsync<BlobStoreException>(call))))
        {
            Assert.Equal(BlobStoreFault.Unavailable, error.Fault);
            Assert.DoesNotContain('\n', error.Message);
        }

        await server.StartAsync(Token);
        Assert.Equal(tag, (await store.ReadAsync("kept", 100, Token)).ETag);
        Assert.NotNull(await store.WriteAsync("a", new byte[1], WriteCondition.Missing, Token));
    }

    [Fact]
    public async Task A_cut_connection_is_made_anew()
    {
        await using var relay = new TcpRelay(azurite.Server.Port);
        var account = new AzureBlobAccount(AzuriteServer.ConnectionStringFor(relay.Port));
        await account.CreateContainerAsync("relayed", Token);
        var store = account.Container("relayed");
        for (var i = 0; i < 5; i++)
        {
            await store.WriteAsync($"{i}", new byte[100], WriteCondition.None, Token);
            Assert.NotEqual(0, relay.Cut());
        }
        Assert.Equal(5, await store.ListAsync("", null, Token).CountAsync(Token));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9 << 20)]
    public async Task A_writer_that_never_saw_the_answer_knows_its_own_blob(int length)
    {
        using var client = new HttpClient(new LosesFirstAnswerToWrite());
        var options = new BlobClientOptions { Transport = new HttpClientTransport(client), Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        var container = new BlobServiceClient(azurite.Server.ConnectionString, options).GetBlobContainerClient($"lost-{length}");
        await container.CreateIfNotExistsAsync(cancellationToken: Token);
        var store = new AzureBlobStore(container, new AzureFaults(container.Uri, "lost"));
        var tag = await store.WriteAsync("a", new byte[length], WriteCondition.Missing, Token);
        Assert.Equal((await store.ReadAsync("a", length, Token)).ETag, tag);
        Assert.Null(await store.WriteAsync("a", new byte[length], WriteCondition.Missing, Token));
    }

    /// <summary>Passes the first conditional write on, and breaks the connection before its answer.</summary>
    private sealed class LosesFirstAnswerToWrite() : DelegatingHandler(new SocketsHttpHandler())
    {
        private bool _lost;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (_lost || request.Method != HttpMethod.Put || request.Headers.IfNoneMatch.Count == 0)
                return response;
            _lost = true;
            response.Dispose();
            throw new HttpRequestException("The connection broke.");
        }
    }
}
