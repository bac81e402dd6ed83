namespace Sclip.Storage.Tests;

/// <summary>Reading, writing, comparing and deleting, alike in every kind of store.</summary>
public abstract class BlobWriteTests(IBlobAccount account) : StoreTests(account)
{
    [Fact]
    public async Task What_was_written_is_read_until_it_is_overwritten()
    {
        await Write("a/b.txt", "one");
        Assert.Equal("one", await Read("a/b.txt"));
        await Write("a/b.txt", "two, and longer");
        await Write("empty", "");
        Assert.Equal("two, and longer", await Read("a/b.txt"));
        Assert.Equal("", await Read("empty"));
    }

    [Fact]
    public async Task The_tag_is_the_same_wherever_it_is_told_and_another_with_every_write()
    {
        var tags = new HashSet<string?>();
        for (var i = 0; i < 20; i++)
            Assert.True(tags.Add(await Write("a", "same", i % 2 == 0 ? WriteCondition.None : WriteCondition.Matches((await Store.ReadAsync("a", 100, Token)).ETag))));
        var last = await Write("a", "same");
        Assert.True(tags.Add(last));
        Assert.Equal(last, (await Store.ReadAsync("a", 100, Token)).ETag);
        var entry = Assert.Single(await Store.ListAsync("", null, Token).ToArrayAsync(Token));
        Assert.Equal((last, 4L), (entry.ETag, entry.Bytes));
        Assert.InRange(entry.Modified, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
    }

    [Fact]
    public async Task Only_the_first_writer_of_a_missing_blob_wins()
    {
        var tags = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Write("a", $"writer {i}", WriteCondition.Missing))));
        var winner = Assert.Single(Enumerable.Range(0, 20), i => tags[i] is not null);
        Assert.Equal($"writer {winner}", await Read("a"));
        Assert.Null(await Write("a", "too late", WriteCondition.Missing));
        Assert.Equal($"writer {winner}", await Read("a"));
    }

    [Fact]
    public async Task Only_one_writer_over_a_version_wins()
    {
        var first = (await Write("a", "first"))!;
        var tags = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Write("a", $"writer {i}", WriteCondition.Matches(first)))));
        var winner = Assert.Single(Enumerable.Range(0, 20), i => tags[i] is not null);
        Assert.Equal($"writer {winner}", await Read("a"));
        Assert.Null(await Write("a", "of the first version", WriteCondition.Matches(first)));
        Assert.NotNull(await Write("a", "of this version", WriteCondition.Matches(tags[winner]!)));
        Assert.Null(await Write("missing", "no version", WriteCondition.Matches(first)));
        Assert.False(await Store.ExistsAsync("missing", Token));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync("a", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[10], token);
            throw new InvalidOperationException();
        }, Token));
        Assert.Empty(await List());
    }

    [Fact]
    public async Task A_deleted_blob_is_gone_and_may_be_deleted_again()
    {
        await Write("a/b", "one");
        Assert.True(await Store.ExistsAsync("a/b", Token));
        await Store.DeleteAsync("a/b", Token);
        Assert.False(await Store.ExistsAsync("a/b", Token));
        await Store.DeleteAsync("a/b", Token);
        await Store.DeleteAsync("never/was", Token);
        Assert.Equal(BlobStoreFault.Missing, await FaultOf(() => Store.ReadAsync("a/b", 100, Token)));
        Assert.NotNull(await Write("a/b", "two", WriteCondition.Missing));
    }

    [Fact]
    public async Task A_blob_larger_than_the_limit_is_refused()
    {
        await Write("a", "12345");
        Assert.Equal(5, (await Store.ReadAsync("a", 5, Token)).Bytes.Length);
        var error = await Refuse(Store.ReadAsync("a", 4, Token));
        Assert.Equal(BlobStoreFault.TooLarge, error.Fault);
        Assert.Contains("5 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_blob_arrives_whole_whatever_part_of_it_was_rewritten()
    {
        var bytes = new byte[(40 << 20) + 17];
        new Random(1).NextBytes(bytes);
        await Store.WriteAsync("large", async (stream, token) =>
        {
            await stream.WriteAsync(bytes, token);
            bytes.AsSpan(0, 4).Fill(1);
            stream.Position = 0;
            await stream.WriteAsync(bytes.AsMemory(0, 4), token);
        }, Token);
        var read = (await Store.ReadAsync("large", bytes.Length, Token)).Bytes;
        Assert.True(bytes.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public async Task Large_writes_at_once_do_not_mix()
    {
        var tags = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => Task.Run(() => Store.WriteAsync("large", async (stream, token) =>
        {
            var part = new byte[1 << 20];
            Array.Fill(part, (byte)i);
            for (var written = 0; written < 20; written++)
                await stream.WriteAsync(part, token);
        }, WriteCondition.Missing, Token))));
        var winner = Assert.Single(Enumerable.Range(1, 4), i => tags[i - 1] is not null);
        var bytes = (await Store.ReadAsync("large", 20 << 20, Token)).Bytes;
        Assert.Equal(20 << 20, bytes.Length);
        Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)winner));
    }

    [Fact]
    public async Task A_missing_container_has_no_blobs()
    {
        var error = await Refuse(MissingContainer.ReadAsync("a", 100, Token));
        Assert.Equal(BlobStoreFault.Missing, error.Fault);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Equal(BlobStoreFault.Missing, await FaultOf(() => MissingContainer.ListAsync("", null, Token).AnyAsync(Token).AsTask()));
        Assert.False(await MissingContainer.ExistsAsync("a", Token));
        await MissingContainer.DeleteAsync("a", Token);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Write("a", "one");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadAsync("a", 100, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync("a", new byte[1], WriteCondition.Missing, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ListAsync("", null, cancelled.Token).AnyAsync(cancelled.Token).AsTask());
        Assert.Equal("one", await Read("a"));
    }
}

public sealed class FileBlobWriteTests(StoreFolder folder) : BlobWriteTests(folder.Account), IClassFixture<StoreFolder>;

public sealed class AzureBlobWriteTests(AzuriteFixture azurite) : BlobWriteTests(new AzureBlobAccount(azurite.Server.ConnectionString));
