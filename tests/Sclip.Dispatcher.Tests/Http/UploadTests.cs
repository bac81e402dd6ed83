using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Sclip.Dispatcher.Places;
using Sclip.Storage;
using Sclip.Storage.Jobs;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Pictures that are put into a container over HTTP.</summary>
public sealed class UploadTests(JobFixture fixture)
{
    private HttpClient Client => fixture.Client;

    [Fact]
    public async Task A_picture_is_put_once_into_a_container_that_is_made_for_it()
    {
        var container = $"u{Guid.NewGuid():n}";
        var name = "new/50% grün & blau.png";
        var address = $"/places/{container}/new/{Uri.EscapeDataString("50% grün & blau.png")}";
        using var put = await PutAsync(address, JobServers.Picture(1));
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        Assert.Equal(JobServers.Picture(1), (await fixture.Account.Container(container).ReadAsync(name, int.MaxValue, CancellationToken.None)).Bytes);
        using var again = await PutAsync(address, JobServers.Picture(1));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.True((bool)JsonNode.Parse(await again.Content.ReadAsStringAsync())!["was_there"]!);
        using var other = await PutAsync(address, JobServers.Picture(2));
        Assert.Contains("is not replaced", await JobFixture.ProblemAsync(other, HttpStatusCode.Conflict), StringComparison.Ordinal);
        Assert.Equal(JobServers.Picture(1), (await fixture.Account.Container(container).ReadAsync(name, int.MaxValue, CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task A_picture_of_the_same_length_with_other_content_is_not_replaced()
    {
        var container = await fixture.ContainerAsync(0, ("a.png", [1, 2, 3]));
        using var other = await PutAsync($"/places/{container}/a.png", [1, 2, 4]);
        Assert.Contains("is not replaced", await JobFixture.ProblemAsync(other, HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("photos/notes.txt", "no picture by its ending")]
    [InlineData("photos/a%5Cb.png", "backslash")]
    [InlineData("photos/a%01.png", "control character")]
    [InlineData("photos/a//b.png", "empty part")]
    [InlineData("Photos/a.png", "a-z, 0-9")]
    [InlineData("sclip/jobs/some-job/masks/a.png", "jobs and their outputs")]
    public async Task What_is_no_picture_for_a_job_is_refused(string place, string expected)
    {
        using var answer = await PutAsync($"/places/{place}", [1]);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, place.StartsWith("sclip", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_empty_or_too_large_is_refused_by_its_name_and_leaves_nothing()
    {
        var container = await fixture.ContainerAsync(0);
        using var empty = await PutAsync($"/places/{container}/empty.png", []);
        Assert.Contains("'empty.png' is empty", await JobFixture.ProblemAsync(empty, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        // Without a length told before, it is found while it is read.
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/places/{container}/large.png") { Content = new StreamContent(new EndlessStream()) };
        using var large = await Client.SendAsync(request);
        Assert.Contains("'large.png' has more than 64 MB", await JobFixture.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge), StringComparison.Ordinal);
        Assert.Empty(await fixture.Account.Container(container).ListAsync("", after: null, CancellationToken.None).ToArrayAsync());
    }

    [Fact]
    public async Task What_breaks_off_leaves_nothing_and_goes_on_when_it_is_sent_again()
    {
        var container = await fixture.ContainerAsync(0);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT /places/{container}/a.png HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nhalf"));
        }
        using var whole = await PutAsync($"/places/{container}/a.png", JobServers.Picture(3));
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
        Assert.Equal(JobServers.Picture(3), (await fixture.Account.Container(container).ReadAsync("a.png", int.MaxValue, CancellationToken.None)).Bytes);
    }

    [Fact]
    public async Task What_is_torn_on_its_way_is_the_senders_fault_and_not_the_stores()
    {
        var container = await fixture.ContainerAsync(0);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"PUT /places/{container}/a.png HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nno chunk"));
        var answer = await new StreamReader(client.GetStream()).ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("did not come whole", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_another_site_puts_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/places/photos/a.png") { Content = new ByteArrayContent([1]), Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var answer = await Client.SendAsync(request);
        Assert.Contains("another site", await JobFixture.ProblemAsync(answer, HttpStatusCode.Forbidden), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_among_very_many_is_put_and_put_again_without_listing_them()
    {
        var account = new UnlistedAccount(fixture.Account);
        var upload = new PictureUpload(new PlaceListing(JobStores.Of(account, "sclip"), account), account);
        var container = $"u{Guid.NewGuid():n}";
        foreach (var wasThere in (bool[])[false, true])
            Assert.Equal(wasThere, (await upload.PutAsync(container, "a/b.png", new MemoryStream([1, 2, 3]), 3, CancellationToken.None)).WasThere);
        var error = await Assert.ThrowsAsync<JobRequestException>(() => upload.PutAsync(container, "a/b.png", new MemoryStream([1, 2, 4]), 3, CancellationToken.None));
        Assert.Contains("is not replaced", error.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PutAsync(string address, byte[] content) => Client.PutAsync(address, new ByteArrayContent(content));

    /// <summary>An account in which nothing is listed.</summary>
    private sealed class UnlistedAccount(IBlobAccount account) : IBlobAccount
    {
        public IBlobStore Container(string name) => new UnlistedStore(account.Container(name));

        public IAsyncEnumerable<string> ListContainersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CreateContainerAsync(string name, CancellationToken cancellationToken) => account.CreateContainerAsync(name, cancellationToken);
    }

    private sealed class UnlistedStore(IBlobStore store) : IBlobStore
    {
        public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => store.ReadAsync(name, maxBytes, cancellationToken);

        public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) => store.WriteAsync(name, write, condition, cancellationToken);

        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<BlobEntry?> FindAsync(string name, CancellationToken cancellationToken) => store.FindAsync(name, cancellationToken);

        public Task<bool> ExistsAsync(string name, CancellationToken cancellationToken) => store.ExistsAsync(name, cancellationToken);

        public Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);
    }

    /// <summary>One byte more than an upload may have, of which nothing is known before.</summary>
    private sealed class EndlessStream : Stream
    {
        private long _left = PictureUpload.Limits.Bytes + 1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
