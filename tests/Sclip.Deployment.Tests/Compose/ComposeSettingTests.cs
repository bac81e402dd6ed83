using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Testing;
using Sclip.Worker;

namespace Sclip.Deployment.Tests.Compose;

/// <summary>That the services take the settings that <c>compose.yaml</c> gives them, and that a user's own command finds them.</summary>
public sealed class ComposeSettingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_setting_is_one_that_the_program_takes()
    {
        var dispatcher = Configuration("dispatcher");
        SclipOptions.CheckSections(dispatcher);
        SclipOptions.Read<DispatcherOptions>(dispatcher, DispatcherOptions.Section);
        var worker = Configuration("worker");
        SclipOptions.CheckSections(worker);
        Assert.NotNull(SclipOptions.Read<WorkerOptions>(worker, WorkerOptions.Section).ModelFolder);
        foreach (var configuration in new[] { dispatcher, worker })
        {
            Assert.Contains(":10000/", SclipOptions.Read<StoreOptions>(configuration, StoreOptions.Section).Connection, StringComparison.Ordinal);
            Assert.Equal(("rabbitmq", 5672), SclipOptions.Read<BrokerOptions>(configuration, BrokerOptions.Section).Uri is { } uri ? (uri.Host, uri.Port) : default);
        }
        // One service's settings do nothing in another.
        Assert.Null(dispatcher.GetSection(WorkerOptions.Section).GetChildren().FirstOrDefault());
        Assert.Null(worker.GetSection(DispatcherOptions.Section).GetChildren().FirstOrDefault());
    }

    [Fact]
    public async Task The_settings_of_its_text_reach_the_same_broker_and_store_from_outside()
    {
        var told = Regex.Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "compose.yaml")), @"^#\s+export SCLIP_STORE__CONNECTION=(\S+) SCLIP_BROKER__URI=(\S+)$", RegexOptions.Multiline);
        Assert.Equal("UseDevelopmentStorage=true", told.Groups[1].Value);
        var inside = new Uri(ComposeFile.Environment(ComposeFile.Services()["worker"])["SCLIP_BROKER__URI"]);
        Assert.Equal(new UriBuilder(inside) { Host = "localhost" }.Uri, new Uri(told.Groups[2].Value));
    }

    [Fact]
    public void A_worker_is_given_longer_to_end_than_it_takes_and_has_the_model_of_the_demo()
    {
        var worker = ComposeFile.Services()["worker"];
        Assert.True(int.Parse(((string)worker["stop_grace_period"]!).TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture) > new WorkerOptions().GraceSeconds);
        var models = Assert.Single(ComposeFile.Mounts(worker), mount => mount.Target == ComposeFile.Environment(worker)["SCLIP_WORKER__MODELFOLDER"]);
        Assert.True(File.Exists(Path.Combine(Repository.Root, models.Source, "demo/model/config.json")));
    }

    [Fact]
    public void Passwords_are_only_those_that_everyone_knows()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "compose.yaml"));
        Assert.All(Regex.Matches(text, @"://([^/@\s]+)@"), match => Assert.Equal("guest:guest", match.Groups[1].Value));
        Assert.All(Regex.Matches(text, @"AccountName=([^;\s]+)"), match => Assert.Equal("devstoreaccount1", match.Groups[1].Value));
        Assert.All(ComposeFile.Services().Values.SelectMany(ComposeFile.Environment), variable => Assert.DoesNotMatch("(?i)key$|password$|token$", variable.Key));
    }

    [Fact]
    public async Task A_key_is_made_once_and_kept_and_one_that_is_given_takes_its_place()
    {
        var first = await MakeKeyAsync(given: null);
        Assert.Matches("^[0-9a-f]{48}$", first);
        Assert.Equal(first, await MakeKeyAsync(given: null));
        const string Given = "a key of more than sixteen letters";
        Assert.Equal(Given, await MakeKeyAsync(Given));
        Assert.Equal(Given, await MakeKeyAsync(given: null));
        Assert.Empty(new DispatcherOptions { ApiKey = first }.Problems());
    }

    [Fact]
    public async Task The_last_lines_say_where_the_dashboard_is_and_its_key()
    {
        var key = await MakeKeyAsync(given: null);
        var page = ComposeFile.Services(name => name == "SCLIP_PORT" ? "8123" : null)["page"];
        Assert.Contains($"http://127.0.0.1:8123 with the key {key}", await RunAsync(page, given: null), StringComparison.Ordinal);
    }

    private async Task<string> MakeKeyAsync(string? given)
    {
        Assert.Equal("", await RunAsync(ComposeFile.Services()["key"], given));
        return await File.ReadAllTextAsync(_folder["key"]);
    }

    // What a container would run, with the folder of a test in place of the volume.
    private async Task<string> RunAsync(System.Text.Json.Nodes.JsonObject service, string? given)
    {
        string[] arguments = [.. ComposeFile.Strings(service["entrypoint"]), .. ComposeFile.Strings(service["command"]).Select(text => text.Replace("/run/sclip", _folder.Path, StringComparison.Ordinal))];
        var (code, output, error) = await Command.RunAsync("env", [given is null ? "--unset=SCLIP_DISPATCHER__APIKEY" : $"SCLIP_DISPATCHER__APIKEY={given}", .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    // The folder of models is where it is mounted from.
    private static IConfiguration Configuration(string service) => new ConfigurationBuilder().AddInMemoryCollection(ComposeFile.Environment(ComposeFile.Services()[service])
        .Where(variable => variable.Key.StartsWith(SclipOptions.EnvironmentPrefix, StringComparison.Ordinal))
        .Select(variable => KeyValuePair.Create(variable.Key[SclipOptions.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)(variable.Value == "/usr/share/sclip/models" ? Path.Combine(Repository.Root, "models") : variable.Value)))).Build();
}
