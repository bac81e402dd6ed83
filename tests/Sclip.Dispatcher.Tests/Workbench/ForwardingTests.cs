using System.Net;
using System.Net.Http.Json;
using System.Text;
using Sclip.Hosting.Configuration;
using Sclip.Testing.Servers;

namespace Sclip.Dispatcher.Tests.Workbench;

/// <summary>What stands between a caller and the workbench: keys, limits, and what is said where there is none.</summary>
public sealed class ForwardingTests(WorkbenchFixture workbench) : IClassFixture<WorkbenchFixture>
{
    private static readonly string[] Paths = ["/workbench", "/workbench/sessions/any", "/workbench/sessions/any/events", "/labels", "/nothing"];

    [Fact]
    public async Task Nobody_reaches_the_workbench_without_the_key_of_the_service_that_is_asked()
    {
        using var anyone = new HttpClient { BaseAddress = workbench.Client.BaseAddress };
        using var refused = await anyone.GetAsync("/workbench");
        Assert.Contains("X-Api-Key", await JobFixture.ProblemAsync(refused, HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        // Past the dispatcher, also by the key of its callers.
        foreach (var path in Paths)
            foreach (var key in new[] { null, "", "wrong", workbench.Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single() })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(workbench.Address, path));
                if (key is not null)
                    request.Headers.Add("X-Api-Key", key);
                using var answer = await anyone.SendAsync(request);
                await JobFixture.ProblemAsync(answer, HttpStatusCode.Unauthorized);
            }
        foreach (var path in new[] { "/healthz/live", "/healthz/ready", "/metrics" })
        {
            using var open = await anyone.GetAsync(new Uri(workbench.Address, path));
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }
    }

    [Fact]
    public async Task Where_there_is_no_workbench_or_it_does_not_answer_or_knows_another_key_a_sentence_says_so()
    {
        using var none = await workbench.Jobs.Client.GetAsync("/workbench");
        Assert.Contains("Dispatcher:Workbench", await JobFixture.ProblemAsync(none, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Contains("does not answer", await UnavailableAsync($"--Dispatcher:Workbench=http://127.0.0.1:{FreePort.Next()}"), StringComparison.Ordinal);
        Assert.Contains("Dispatcher:WorkbenchKey", await UnavailableAsync(workbench.Forwarding[0], "--Dispatcher:WorkbenchKey=the key of somebody else"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_too_large_a_page_of_another_site_and_what_there_is_not_are_refused()
    {
        // Asked before it is sent, else the answer may come while the rest of it is still on its way, which fails the sending.
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "/workbench/sessions") { Content = new ByteArrayContent(new byte[(4 << 20) + 1]), Headers = { ExpectContinue = true } };
        using var large = await workbench.Client.SendAsync(tooLarge);
        await JobFixture.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge);
        using var forged = new HttpRequestMessage(HttpMethod.Post, "/workbench/sessions") { Content = JsonContent.Create(new { job = "x" }), Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        using var refused = await workbench.Client.SendAsync(forged);
        await JobFixture.ProblemAsync(refused, HttpStatusCode.Forbidden);
        using var missing = await workbench.Client.GetAsync("/workbench/nothing/here");
        await JobFixture.ProblemAsync(missing, HttpStatusCode.NotFound);
        using var unread = await workbench.Client.PostAsync("/workbench/sessions", new StringContent("{", Encoding.UTF8, "application/json"));
        await JobFixture.ProblemAsync(unread, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("--Dispatcher:Workbench=sclip-workbench", "Dispatcher:Workbench (SCLIP_DISPATCHER__WORKBENCH)")]
    [InlineData("--Dispatcher:Workbench=http://sclip-workbench/path", "Dispatcher:Workbench (SCLIP_DISPATCHER__WORKBENCH)")]
    [InlineData("--Dispatcher:WorkbenchKey=short", "Dispatcher:WorkbenchKey (SCLIP_DISPATCHER__WORKBENCHKEY)")]
    [InlineData("--Dispatcher:WorkbenchKey=a key that is long enough", "Dispatcher:WorkbenchKey (SCLIP_DISPATCHER__WORKBENCHKEY)")]
    public async Task A_setting_that_is_wrong_is_named_at_the_start(string setting, string expected)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(async () =>
        {
            await using var service = DispatcherHost.Build(workbench.Jobs.OtherArguments(setting));
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private async Task<string> UnavailableAsync(params string[] settings)
    {
        await using var dispatcher = DispatcherHost.Build(workbench.Jobs.OtherArguments(["--urls=http://127.0.0.1:0", .. settings]));
        await dispatcher.StartAsync();
        using var client = new HttpClient { BaseAddress = new(dispatcher.Urls.First()) };
        using var answer = await client.GetAsync("/workbench/sessions/any");
        var detail = await JobFixture.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        await dispatcher.StopAsync();
        return detail;
    }
}
