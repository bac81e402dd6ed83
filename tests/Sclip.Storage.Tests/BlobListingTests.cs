namespace Sclip.Storage.Tests;

/// <summary>Listings by prefix, in order, from a name on, alike in every kind of store.</summary>
public abstract class BlobListingTests(IBlobAccount account) : StoreTests(account)
{
    private static readonly string[] Names =
    [
        "0", "00", "10", "9", "A", "Z/a", "a!", "a-b", "a.txt", "a/b", "a/b.c", "a/c/d", "a/c-", "a/c0", "a0", "ab/a", "b/b/b/b", "z", "~", "é", "日本/一", "\uFF5E", "😀",
    ];

    [Fact]
    public async Task Names_come_in_ordinal_order_below_a_prefix_and_behind_a_name()
    {
        await Parallel.ForEachAsync(Names, Token, async (name, _) => await Write(name, "x"));
        foreach (var prefix in (string[])["", "a", "a/", "a/c", "a/c/", "a.", "Z", "none", "a/b/", "日", "0"])
            foreach (var after in ((string?[])[null, .. Names, "", "a/", "a/b/", "a/a", "a/z", "a0/x", "none/a", "a/c/d/e", "\uFFFD"]).Where(after => after?.StartsWith(prefix, StringComparison.Ordinal) is not false))
                Assert.Equal(
                    Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(name, after) > 0).Order(StringComparer.Ordinal),
                    await List(prefix, after));
    }

    [Fact]
    public async Task The_beginning_of_a_blob_is_read_alone_and_containers_are_listed()
    {
        await Write("a", "0123456789");
        await Write("empty", "");
        Assert.Equal("0123"u8.ToArray(), await Store.ReadHeadAsync("a", 4, Token));
        Assert.Equal("0123456789"u8.ToArray(), await Store.ReadHeadAsync("a", 64, Token));
        Assert.Empty(await Store.ReadHeadAsync("empty", 4, Token));
        Assert.Equal(BlobStoreFault.Missing, await FaultOf(() => Store.ReadHeadAsync("none", 4, Token)));
        Assert.NotEmpty(await Account.ListContainersAsync(Token).ToArrayAsync(Token));
    }

    [Fact]
    public async Task One_blob_is_looked_up_as_a_listing_tells_of_it()
    {
        foreach (var name in (string[])["a/b", "a/b.c", "a/c/d", "é"])
            await Write(name, name);
        foreach (var entry in await Store.ListAsync("", after: null, Token).ToArrayAsync(Token))
        {
            var found = (await Store.FindAsync(entry.Name, Token))!;
            Assert.Equal((entry.Name, entry.Bytes, entry.ETag, entry.Modified, entry.IsFolder), (found.Name, found.Bytes, found.ETag, found.Modified, found.IsFolder));
            Assert.Equal(entry.Md5, found.Md5);
            Assert.Equal(entry.ETag, (await new SubStore(Store, "").FindAsync(entry.Name, Token))!.ETag);
        }
        foreach (var name in (string[])["a", "a/c", "a/b-", "a/b/c", "none/a"])
            Assert.Null(await Store.FindAsync(name, Token));
        Assert.Equal("d", (await new SubStore(Store, "a/c/").FindAsync("d", Token))!.Name);
        Assert.Equal(BlobStoreFault.Missing, await FaultOf(() => MissingContainer.FindAsync("a", Token)));
        Assert.Equal(BlobStoreFault.InvalidName, await FaultOf(() => Store.FindAsync("a/../b", Token)));
    }

    [Fact]
    public async Task A_prefix_that_no_name_can_have_finds_nothing()
    {
        await Write("a/b", "x");
        foreach (var prefix in (string[])["..", "../", "a/../a/", "./a", "/a", "a//", "%61", "a\\", "a?", "\ud800", "a\n"])
        {
            try
            {
                Assert.Empty(await List(prefix));
            }
            catch (BlobStoreException error)
            {
                Assert.Equal(BlobStoreFault.InvalidName, error.Fault);
            }
        }
    }
}

public sealed class FileBlobListingTests(StoreFolder folder) : BlobListingTests(folder.Account), IClassFixture<StoreFolder>;

public sealed class AzureBlobListingTests(AzuriteFixture azurite) : BlobListingTests(new AzureBlobAccount(azurite.Server.ConnectionString));
