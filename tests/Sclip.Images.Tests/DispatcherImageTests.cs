using Sclip.Testing.Servers;

namespace Sclip.Images.Tests;

/// <summary>The dispatcher's image at work.</summary>
public sealed class DispatcherImageTests(BuiltImages images, Servers servers)
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private readonly int _port = FreePort.Next();

    [Fact]
    public async Task It_is_ready_answers_only_to_its_key_and_ends_well_when_told_to()
    {
        var settings = servers.Settings(_port);
        settings["SCLIP_DISPATCHER__APIKEY"] = Key;
        using var dispatcher = Container.Start(images.Dispatcher, settings, []);
        await dispatcher.AnswersAsync($"http://127.0.0.1:{_port}/healthz/ready");

        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{_port}") };
        using var refused = await client.GetAsync("/jobs", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        using var answer = await client.GetAsync("/jobs", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);

        var (code, health) = await Container.RunAsync(images.Dispatcher, settings, [], images.Dispatcher.HealthCheck[1..]);
        Assert.True(code == 0, health);
        await dispatcher.TerminateAsync();
        Assert.True(dispatcher.ExitCode == 0, $"{dispatcher.ExitCode}: {dispatcher.Output}");
    }

    [Fact]
    public async Task It_stops_at_once_without_a_key_since_its_image_listens_to_all_the_world()
    {
        var (code, output) = await Container.RunAsync(images.Dispatcher, servers.Settings(_port), [], images.Dispatcher.Entrypoint);
        Assert.Equal(1, code);
        Assert.Contains("SCLIP_DISPATCHER__APIKEY", output, StringComparison.Ordinal);
    }
}
