using System.Text;
using Sclip.Testing;

namespace Sclip.Storage.Tests;

public sealed class FileBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_read()
    {
        var store = new FileBlobStore(_folder.Path);
        await store.WriteAsync("a/b.txt", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes("one"), token).AsTask(), TestContext.Current.CancellationToken);
        await store.WriteAsync("a/b.txt", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes("two"), token).AsTask(), TestContext.Current.CancellationToken);
        Assert.Equal("two", Encoding.UTF8.GetString((await store.ReadAsync("a/b.txt", 100, TestContext.Current.CancellationToken)).Bytes));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_behind()
    {
        var store = new FileBlobStore(_folder.Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync("a.txt", async (stream, token) =>
        {
            await stream.WriteAsync(new byte[10], token);
            throw new InvalidOperationException();
        }, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../outside")]
    public async Task A_name_cannot_leave_the_folder(string name) =>
        Assert.Contains("outside", (await Assert.ThrowsAsync<BlobStoreException>(() => new FileBlobStore(_folder.Path).ReadAsync(name, 100, TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task What_cannot_be_read_or_written_says_why()
    {
        var store = new FileBlobStore(_folder.Path);
        _folder.Write("file", "12345");
        Assert.Contains("does not exist", await Refuse(store.ReadAsync("none", 100, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Contains("--max-file-size", await Refuse(store.ReadAsync("file", 4, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        Assert.Contains("cannot be written", await Refuse(store.WriteAsync("file/below", (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_may_be_as_long_as_the_file_system_allows()
    {
        var name = new string('x', 251) + ".png";
        await new FileBlobStore(_folder.Path).WriteAsync(name, (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), TestContext.Current.CancellationToken);
        Assert.True(File.Exists(_folder[name]));
    }

    [Fact]
    public async Task A_device_that_never_ends_reads_as_empty()
    {
        File.CreateSymbolicLink(_folder["zero.png"], "/dev/zero");
        Assert.Empty((await new FileBlobStore(_folder.Path).ReadAsync("zero.png", 100, TestContext.Current.CancellationToken)).Bytes);
    }

    private static async Task<string> Refuse(Task task) => (await Assert.ThrowsAsync<BlobStoreException>(() => task)).Message;
}
