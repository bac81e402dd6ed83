using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>What binds a browser: headers, sessions, and pages of other sites that would speak in its name.</summary>
public sealed class BrowserTests(JobFixture fixture)
{
    private const string Key = "correct horse battery staple";

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/style.css")]
    [InlineData("/jobs")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_scripts_of_others_and_frames(string path)
    {
        using var answer = await fixture.Client.GetAsync(path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task With_a_key_the_page_is_open_and_a_session_stands_for_the_key()
    {
        await using var service = DispatcherHost.Build(fixture.OtherArguments("--urls=http://127.0.0.1:0", $"--Dispatcher:ApiKey={Key}"));
        await service.StartAsync();
        using var handler = new SocketsHttpHandler { UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new(service.Urls.First()) };

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/")).StatusCode);
        Assert.Equal((true, false), await StateAsync(client, null));
        using (var wrong = await client.SendAsync(new(HttpMethod.Post, "/session") { Headers = { { "X-Api-Key", "wrong horse battery staple" } } }))
            await JobFixture.ProblemAsync(wrong, HttpStatusCode.Unauthorized);
        using var right = await client.SendAsync(new(HttpMethod.Post, "/session") { Headers = { { "X-Api-Key", Key } } });
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        var cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Key, Uri.UnescapeDataString(cookie), StringComparison.Ordinal);
        var session = cookie.Split(';')[0];
        Assert.Equal((true, true), await StateAsync(client, session));
        Assert.Equal(HttpStatusCode.OK, await JobsAsync(client, session));
        Assert.Equal(HttpStatusCode.Unauthorized, await JobsAsync(client, null));

        // A later end without the key's signature, a session of another key, and rubbish.
        var parts = session.Split('=', 2)[1].Split('.');
        foreach (var forged in new[] { $"{long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) + 1}.{parts[1]}", $"{parts[0]}.{new string('0', 64)}", $"{parts[0]}.", "x.y", "", $"1.{parts[1]}" })
            Assert.Equal(HttpStatusCode.Unauthorized, await JobsAsync(client, $"sclip-session={forged}"));
        await service.StopAsync();
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Origin", "http://evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "SELF", true)]
    [InlineData("User-Agent", "curl", true)]
    public async Task A_page_of_another_site_cannot_change_anything(string header, string value, bool isAdmitted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/jobs/no-such-job/cancel") { Content = new StringContent("", Encoding.UTF8, "text/plain") };
        request.Headers.TryAddWithoutValidation(header, value == "SELF" ? fixture.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : value);
        using var answer = await fixture.Client.SendAsync(request);
        Assert.Contains(isAdmitted ? "no-such-job" : "another site", await JobFixture.ProblemAsync(answer, isAdmitted ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden), StringComparison.Ordinal);
    }

    private static async Task<(bool KeyNeeded, bool Admitted)> StateAsync(HttpClient client, string? cookie)
    {
        using var request = Request("/session", cookie);
        using var answer = await client.SendAsync(request);
        var state = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (state["key_needed"]!.GetValue<bool>(), state["admitted"]!.GetValue<bool>());
    }

    private static async Task<HttpStatusCode> JobsAsync(HttpClient client, string? cookie)
    {
        using var request = Request("/jobs?limit=1", cookie);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static HttpRequestMessage Request(string path, string? cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return request;
    }
}
