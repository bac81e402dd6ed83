using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Sclip.Testing.Servers;

namespace Sclip.Storage.Tests;

/// <summary>Listings that are resumed behind a name, in each order that services list in, by each way that they begin at a name or do not.</summary>
public sealed class ListingOrderTests(AzuriteFixture azurite)
{
    private static readonly string[] Names =
    [
        "a b/c", "a!/x", "a-b", "a-b/c.jpg", "a.jpg", "a.jpg/b", "a/b", "a/b-c", "a/b.jpg", "a/b/c", "a/b/c.d/e", "a/c", "a0", "aa", "ab/c", "b", "b/a/a", "b/a/a.jpg", "b/a-a", "b/a.a/x", "b0/1", "c#", "c/#",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<bool, StartFromSupport> Services { get; } = new([false, true], Enum.GetValues<StartFromSupport>());

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_listing_goes_on_behind_any_name_in_its_own_order_whether_or_not_the_name_is_still_there(bool folderByFolder, StartFromSupport support)
    {
        var order = folderByFolder ? ListingServer.FolderByFolder : StringComparer.Ordinal;
        await using var server = await ServerAsync(order, support, pageSize: 4);
        foreach (var prefix in (string[])["", "a", "a/", "a/b", "b/a/"])
            foreach (var after in ((string[])[.. Names, "a", "a/", "a/a", "a/b/", "a/b.", "a.", "a-", "b/a/", "", "zz", "!", "c/"]).Where(after => after.StartsWith(prefix, StringComparison.Ordinal)))
                foreach (var isGone in (bool[])[false, true])
                {
                    if (isGone && !server.Names.Remove(after))
                        continue;
                    var expected = server.Ordered.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && order.Compare(name, after) > 0);
                    Assert.Equal((prefix, after, isGone, string.Join(' ', expected)), (prefix, after, isGone, string.Join(' ', await ListAsync(server, prefix, after))));
                    if (isGone)
                        server.Names.Add(after);
                }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_before_a_name_are_not_read_where_the_service_begins_there(bool folderByFolder)
    {
        await using var server = await ServerAsync(folderByFolder ? ListingServer.FolderByFolder : StringComparer.Ordinal, StartFromSupport.Begins, pageSize: 10, [.. Enumerable.Range(0, 1000).Select(i => $"a{i / 100}/{i:0000}")]);
        Assert.Equal(server.Ordered[985..], await ListAsync(server, "", server.Ordered[984]));
        Assert.Equal(2, server.Requests.Length);
        Assert.Contains("startFrom=a9%2F0984", server.Requests[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StartFromSupport.Refuses, 101)]
    [InlineData(StartFromSupport.Ignores, 101)]
    public async Task A_service_that_cannot_begin_at_a_name_is_asked_once_and_listed_from_its_beginning(StartFromSupport support, int requests)
    {
        await using var server = await ServerAsync(StringComparer.Ordinal, support, pageSize: 10, [.. Enumerable.Range(0, 1000).Select(i => $"{i:0000}")]);
        Assert.Equal(server.Ordered[985..], await ListAsync(server, "", "0984"));
        Assert.Equal(requests, server.Requests.Length);
        Assert.Single(server.Requests, request => request.Contains("startFrom", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_left_out_where_nothing_tells_the_order()
    {
        await using var server = await ServerAsync(StringComparer.Ordinal, StartFromSupport.Ignores, pageSize: 10, ["a/b", "a/c"]);
        Assert.Equal(["a/b", "a/c"], await ListAsync(server, "", "a.jpg"));
    }

    [Fact]
    public async Task A_listing_in_neither_order_is_refused()
    {
        // Each pair of neighbours is in one order or the other, and the whole in none.
        string[] mixed = ["a-b", "a/b", "b/c", "b-c"];
        await using var server = await ServerAsync(Comparer<string>.Create((a, b) => Array.IndexOf(mixed, a) - Array.IndexOf(mixed, b)), StartFromSupport.Begins, pageSize: 3, mixed);
        var error = await Assert.ThrowsAsync<BlobStoreException>(() => ListAsync(server, "", after: null));
        Assert.Equal(BlobStoreFault.Denied, error.Fault);
        Assert.Contains("lists 'b-c' behind 'b/c', neither in the order of names nor folder by folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Azurite_begins_at_a_name_too()
    {
        using var counted = new CountsListings();
        using var client = new HttpClient(counted);
        var container = new BlobServiceClient(azurite.Server.ConnectionString, new BlobClientOptions { Transport = new HttpClientTransport(client) }).GetBlobContainerClient($"c{Guid.NewGuid():n}");
        await container.CreateAsync(cancellationToken: Token);
        var store = new AzureBlobStore(container, new AzureFaults(container.Uri, container.Name), pageSize: 7);
        var names = Enumerable.Range(0, 50).Select(i => $"many/{i / 10}/{i % 10} & #.png").ToArray();
        foreach (var name in names)
            await store.WriteAsync(name, new byte[1], WriteCondition.None, Token);
        Assert.Equal(names[41..], await store.ListAsync("many/", names[40], Token).Select(blob => blob.Name).ToArrayAsync(Token));
        Assert.Equal(2, counted.Listings);
    }

    private static async Task<ListingServer> ServerAsync(IComparer<string> order, StartFromSupport support, int pageSize, params string[] names)
    {
        var server = new ListingServer(order, support, pageSize);
        server.Names.UnionWith(names is [] ? Names.Where(name => order == StringComparer.Ordinal || !Names.Any(other => other.StartsWith(name + '/', StringComparison.Ordinal))) : names);
        await server.StartAsync();
        return server;
    }

    private static async Task<string[]> ListAsync(ListingServer server, string prefix, string? after) =>
        await new AzureBlobAccount(server.ConnectionString).Container("pictures").ListAsync(prefix, after, Token).Where(blob => !blob.IsFolder).Select(blob => blob.Name).ToArrayAsync(Token);

    private sealed class CountsListings() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Listings { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Query.Contains("comp=list", StringComparison.Ordinal))
                Listings++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
