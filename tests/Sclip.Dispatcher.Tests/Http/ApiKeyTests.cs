using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Sclip.Hosting.Configuration;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Who may call.</summary>
public sealed class ApiKeyTests(JobFixture fixture)
{
    private const string Key = "correct horse battery staple";

    [Theory]
    [InlineData("--urls=http://0.0.0.0:0")]
    [InlineData("--urls=http://+:18080")]
    [InlineData("--urls=http://*:18080")]
    [InlineData("--urls=http://[::]:18080")]
    [InlineData("--urls=http://192.0.2.1:18080")]
    [InlineData("--urls=http://example.org:18080")]
    [InlineData("--urls=http://127.0.0.1:18080;http://0.0.0.0:18081")]
    [InlineData("--http_ports=18080")]
    [InlineData("--https_ports=18080")]
    [InlineData("--Kestrel:Endpoints:Web:Url=http://0.0.0.0:18080")]
    public async Task Beyond_this_machine_it_does_not_start_without_a_key_and_names_the_setting(string address)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () =>
        {
            await using var service = DispatcherHost.Build(fixture.OtherArguments(address));
        });
        Assert.Contains("SCLIP_DISPATCHER__APIKEY", error.Message, StringComparison.Ordinal);
        Assert.Contains("beyond this machine", error.Message, StringComparison.Ordinal);
        await using var keyed = DispatcherHost.Build(fixture.OtherArguments(address, $"--Dispatcher:ApiKey={Key}"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:18080")]
    [InlineData("http://[::1]:0")]
    public async Task On_this_machine_no_key_is_needed(string address)
    {
        await using var service = DispatcherHost.Build(fixture.OtherArguments($"--urls={address}"));
    }

    [Theory]
    [InlineData("--urls=nonsense", "SCLIP_URLS")]
    [InlineData("--Dispatcher:ApiKey=short", "SCLIP_DISPATCHER__APIKEY")]
    [InlineData("--Dispatcher:Apikee=correct horse battery staple", "Dispatcher")]
    [InlineData("--Dispatcher:PlansAtOnce=0", "SCLIP_DISPATCHER__PLANSATONCE")]
    public async Task A_setting_that_cannot_be_is_named(string setting, string expected)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () =>
        {
            await using var service = DispatcherHost.Build(fixture.OtherArguments(setting));
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_key_every_address_is_closed_to_those_without_it_but_health_and_metrics()
    {
        await using var service = DispatcherHost.Build(fixture.OtherArguments("--urls=http://127.0.0.1:0", $"--Dispatcher:ApiKey={Key}"));
        await service.StartAsync();
        // Without cookies: a session begun for one address must not open the next.
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new(service.Urls.First()) };
        var routes = fixture.Routes.SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(verb => (verb, Path: $"/{route.RoutePattern.RawText!.Trim('/')}")))
            .Select(route => (route.verb, Path: route.Path.Replace("{id}", "some-job", StringComparison.Ordinal).Replace("{**path}", "a.png", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)))
            .ToArray();
        Assert.Contains(("POST", "/jobs"), routes);
        Assert.Contains(("GET", "/openapi/v1.json"), routes);
        foreach (var (verb, path) in routes.Where(route => !IsOpen(route.verb, route.Path)).Append(("GET", "/nothing/here")))
        {
            foreach (var key in new[] { null, "", "wrong", Key.ToUpperInvariant(), Key + " x" })
            {
                // A body that is no request at all: it must not even be looked at.
                using var refused = await SendAsync(client, verb, path, key);
                Assert.Contains("X-Api-Key", await JobFixture.ProblemAsync(refused, HttpStatusCode.Unauthorized), StringComparison.Ordinal);
            }
            using var admitted = await SendAsync(client, verb, path, Key);
            Assert.NotEqual(HttpStatusCode.Unauthorized, admitted.StatusCode);
        }
        await JobFixture.UntilReadyAsync(client);
        foreach (var path in new[] { "/healthz/live", "/healthz/ready", "/metrics", "/session", "/" })
        {
            using var open = await SendAsync(client, "GET", path, null);
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
        await service.StopAsync();
    }

    /// <summary>What a cluster watches, and what a page asks to know whether it needs a key.</summary>
    private static bool IsOpen(string verb, string path) => path.StartsWith("/healthz", StringComparison.Ordinal) || path == "/metrics" || (verb, path) == ("GET", "/session");

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string verb, string path, string? key)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb), path);
        if (verb == "POST")
            request.Content = new StringContent("{", Encoding.UTF8, "application/json");
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        // Event streams do not end.
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
