using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sclip.Hosting.Health;
using Sclip.Storage;
using Sclip.Testing;

namespace Sclip.Hosting.Tests.Health;

public class HealthTests
{
    [Fact]
    public async Task A_part_that_fails_makes_the_process_unready_with_the_reason_until_it_recovers()
    {
        var broker = HealthCheckResult.Unhealthy("The broker at amqp://nowhere does not answer.", new InvalidOperationException("inner"));
        await using var host = await RunningHost.StartAsync(register: services => services.AddHealthChecks()
            .AddCheck("broker", () => broker, [DefaultEndpoints.ReadyTag])
            .AddCheck("model", () => HealthCheckResult.Healthy(), [DefaultEndpoints.ReadyTag]));

        var (status, report) = await AskAsync(host, "/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("""{"status":"unhealthy","parts":{"broker":{"status":"unhealthy","reason":"The broker at amqp://nowhere does not answer."},"model":{"status":"healthy"}}}""", report.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/healthz/live")).Status);

        broker = HealthCheckResult.Healthy();
        (status, report) = await AskAsync(host, "/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", (string?)report["status"]);
    }

    [Fact]
    public async Task A_check_without_the_tag_does_not_decide()
    {
        await using var host = await RunningHost.StartAsync(register: services => services.AddHealthChecks().AddCheck("other", () => HealthCheckResult.Unhealthy()));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/healthz/ready")).Status);
    }

    [Fact]
    public async Task A_check_of_life_decides_that_the_process_is_started_anew_and_says_why()
    {
        await using var host = await RunningHost.StartAsync(register: services => services.AddHealthChecks().AddCheck("consumer-lost", () => HealthCheckResult.Unhealthy("Gone."), [DefaultEndpoints.LiveTag]));
        var (status, report) = await AskAsync(host, "/healthz/live");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("Gone.", (string?)report["parts"]!["consumer-lost"]!["reason"]);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/healthz/ready")).Status);
    }

    [Fact]
    public async Task A_store_that_answers_is_ready_though_the_blob_is_not_there()
    {
        using var folder = new TemporaryFolder();
        var (status, report) = await AskStoreAsync(() => new FileBlobAccount(folder.Path).Container("jobs"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", (string?)report["parts"]!["store"]!["status"]);
    }

    [Fact]
    public async Task A_store_that_cannot_be_had_is_unready_with_its_own_words()
    {
        var (status, report) = await AskStoreAsync(() => throw new BlobStoreException(BlobStoreFault.Denied, "The key of account 'pictures' is wrong."));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("The key of account 'pictures' is wrong.", (string?)report["parts"]!["store"]!["reason"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_hangs_is_unready(bool listens)
    {
        var (status, report) = await AskStoreAsync(() => new HangingStore(listens));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("The blob store gave no answer within 3 seconds.", (string?)report["parts"]!["store"]!["reason"]);
    }

    private static async Task<(HttpStatusCode Status, JsonNode Report)> AskStoreAsync(Func<IBlobStore> store)
    {
        await using var host = await RunningHost.StartAsync(register: services =>
            services.AddHealthChecks().AddCheck("store", new StoreHealthCheck(store), tags: [DefaultEndpoints.ReadyTag]));
        return await AskAsync(host, "/healthz/ready");
    }

    private static async Task<(HttpStatusCode Status, JsonNode Report)> AskAsync(RunningHost host, string path)
    {
        using var answer = await host.Client.GetAsync(path);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>A store that never answers, and may not even look at its token.</summary>
    private sealed class HangingStore(bool listens) : IBlobStore
    {
        public async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, listens ? cancellationToken : CancellationToken.None);
            return true;
        }

        public Task<BlobContent> ReadAsync(string name, long maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<string?> WriteAsync(string name, Func<Stream, CancellationToken, Task> write, WriteCondition condition, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IAsyncEnumerable<BlobEntry> ListAsync(string prefix, string? after, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<string> ListFoldersAsync(string folder, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
