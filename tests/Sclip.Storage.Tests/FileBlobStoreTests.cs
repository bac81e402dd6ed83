using System.Runtime.Versioning;
using Sclip.Testing;

namespace Sclip.Storage.Tests;

/// <summary>What only a folder can do: hold links and devices, be read-only, mistake folders for files.</summary>
public sealed class FileBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileBlobStore _store;

    public FileBlobStoreTests() => _store = new FileBlobStore(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_but_the_blobs_is_left_by_plain_writes()
    {
        await _store.WriteAsync("a", (stream, token) => stream.WriteAsync(new byte[1], token).AsTask(), Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _store.WriteAsync("b", (_, _) => throw new InvalidOperationException(), Token));
        Assert.Equal([_folder["a"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task What_cannot_be_read_or_written_says_why()
    {
        _folder.Write("file", "12345");
        Assert.Contains("does not exist", (await Refuse(_store.ReadAsync("none", 100, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("--max-file-size", (await Refuse(_store.ReadAsync("file", 4, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_and_a_folder_cannot_have_one_name()
    {
        await Write("a");
        await Write("b/c");
        foreach (var condition in (WriteCondition[])[WriteCondition.None, WriteCondition.Missing])
        {
            var below = await Refuse(_store.WriteAsync("a/b/c", new byte[1], condition, Token));
            Assert.Equal(BlobStoreFault.InvalidName, below.Fault);
            Assert.Contains($"{_folder["a"]} is a file", below.Message, StringComparison.Ordinal);
            var folder = await Refuse(_store.WriteAsync("b", new byte[1], condition, Token));
            Assert.Equal(BlobStoreFault.InvalidName, folder.Fault);
            Assert.Contains("it is a folder", folder.Message, StringComparison.Ordinal);
        }
        foreach (var name in (string[])["a/b", "a/b/c", "b"])
        {
            Assert.Equal(BlobStoreFault.Missing, (await Refuse(_store.ReadAsync(name, 100, Token))).Fault);
            Assert.False(await _store.ExistsAsync(name, Token));
            await _store.DeleteAsync(name, Token);
        }
        Assert.Equal(["a", "b/c"], await _store.ListAsync("", null, Token).Select(blob => blob.Name).ToArrayAsync(Token));
        Assert.Empty(await _store.ListAsync("a/", null, Token).ToArrayAsync(Token));
    }

    [Fact]
    public async Task A_name_may_be_as_long_as_the_file_system_allows()
    {
        var name = new string('x', 251) + ".png";
        await Write(name);
        Assert.True(File.Exists(_folder[name]));
        var error = await Refuse(_store.WriteAsync(name + "x", new byte[1], WriteCondition.None, Token));
        Assert.Equal(BlobStoreFault.InvalidName, error.Fault);
    }

    [Fact]
    public async Task A_device_that_never_ends_reads_as_empty()
    {
        File.CreateSymbolicLink(_folder["zero.png"], "/dev/zero");
        Assert.Empty((await _store.ReadAsync("zero.png", 100, Token)).Bytes);
    }

    [Fact]
    public async Task A_link_is_listed_as_the_file_behind_it_and_one_to_a_folder_or_to_nothing_is_not()
    {
        await Write("folder/file");
        File.CreateSymbolicLink(_folder["link"], _folder["folder/file"]);
        File.CreateSymbolicLink(_folder["dangling"], _folder["nothing"]);
        File.CreateSymbolicLink(_folder["loop"], _folder["loop"]);
        Directory.CreateSymbolicLink(_folder["folder/up"], _folder.Path);
        var entries = await _store.ListAsync("", null, Token).ToArrayAsync(Token);
        Assert.Equal(["folder/file", "link"], entries.Select(entry => entry.Name));
        Assert.Equal((await _store.ReadAsync("link", 100, Token)).ETag, entries[1].ETag);
        Assert.Equal(1, entries[1].Bytes);
    }

    [Fact]
    public async Task The_files_of_the_store_itself_are_no_blobs()
    {
        await _store.WriteAsync("a", new byte[1], WriteCondition.Missing, Token);
        var left = $".{Guid.NewGuid():n}.part";
        _folder.Write(left, "of a writer that was killed");
        _folder.Write(".hidden.part", "a user's");
        Assert.Equal([".hidden.part", "a"], await _store.ListAsync("", null, Token).Select(blob => blob.Name).ToArrayAsync(Token));
        foreach (var name in (string[])[".sclip-lock", left, "a/" + left])
            Assert.Equal(BlobStoreFault.InvalidName, (await Refuse(_store.WriteAsync(name, new byte[1], WriteCondition.None, Token))).Fault);
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task A_durable_write_waits_for_the_disk_of_its_folder_and_says_so_where_that_cannot_be_opened()
    {
        // One may write into it and see nothing in it, which waiting for its names takes.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b011_011_011);
        try
        {
            Assert.Null(Unprivileged.Run(() => CatchAsync(new FileBlobStore(_folder.Path, durable: false))));
            var error = Assert.IsType<BlobStoreException>(Unprivileged.Run(() => CatchAsync(_store)));
            Assert.Equal(BlobStoreFault.Denied, error.Fault);
            Assert.Contains("Store:Durable", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_000_000);
        }
        Assert.Null(await CatchAsync(_store));

        // Empty, so that nothing is waited for before the disk.
        static Task<Exception?> CatchAsync(FileBlobStore store) => Record.ExceptionAsync(() => store.WriteAsync("a", (_, _) => Task.CompletedTask, Token)).AsTask();
    }

    [Fact]
    public async Task Folders_above_a_blob_come_with_it_whether_or_not_it_is_durable()
    {
        foreach (var durable in (bool[])[false, true])
        {
            var store = new FileBlobStore(_folder[$"{durable}/of/it"], durable);
            Assert.NotNull(await store.WriteAsync("a/b/c", new byte[3], WriteCondition.Missing, Token));
            Assert.Null(await store.WriteAsync("a/b/c", new byte[4], WriteCondition.Missing, Token));
            Assert.Equal(3, (await store.ReadAsync("a/b/c", 10, Token)).Bytes.Length);
            await store.DeleteAsync("a/b/c", Token);
            Assert.False(await store.ExistsAsync("a/b/c", Token));
        }
    }

    private Task<string?> Write(string name) => _store.WriteAsync(name, new byte[1], WriteCondition.None, Token);

    private static Task<BlobStoreException> Refuse(Task task) => Assert.ThrowsAsync<BlobStoreException>(() => task);
}
