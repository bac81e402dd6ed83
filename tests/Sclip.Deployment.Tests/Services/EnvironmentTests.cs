using Microsoft.Extensions.Configuration;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;
using Sclip.Hosting.Stores;
using Sclip.Workbench;
using Sclip.Worker;

namespace Sclip.Deployment.Tests.Services;

/// <summary>That every variable of a manifest is one that the program in that container reads, with a value that it takes.</summary>
public class EnvironmentTests
{
    /// <summary>Variables outside the sections: where it listens, where models are cached, the hub's token.</summary>
    private static readonly string[] Others = ["SCLIP_URLS", "SCLIP_CACHE", "HF_TOKEN", "HF_ENDPOINT"];

    private static readonly Dictionary<string, Type> Sections = new()
    {
        ["STORE"] = typeof(StoreOptions),
        ["BROKER"] = typeof(BrokerOptions),
        ["WORKER"] = typeof(WorkerOptions),
        ["DISPATCHER"] = typeof(DispatcherOptions),
        ["WORKBENCH"] = typeof(WorkbenchOptions),
    };

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_variable_is_a_setting_that_there_is(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        foreach (var container in ContainerEnvironment.OwnContainers(rendered))
            foreach (var name in ContainerEnvironment.Of(rendered, container, _ => "any").Keys)
            {
                if (Others.Contains(name) || name.StartsWith("OTEL_", StringComparison.Ordinal))
                    continue;
                Assert.StartsWith(SclipOptions.EnvironmentPrefix, name, StringComparison.Ordinal);
                var parts = name[SclipOptions.EnvironmentPrefix.Length..].Split("__");
                Assert.Equal(2, parts.Length);
                Assert.Contains(parts[0], Sections.Keys);
                Assert.Contains(parts[1], Sections[parts[0]].GetProperties().Where(property => property.CanWrite).Select(property => property.Name.ToUpperInvariant()));
                // One service's settings do nothing in another.
                Assert.Contains(parts[0], Allowed((string)container["name"]!));
            }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_value_is_one_that_the_program_takes(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var dispatcher = Configuration(rendered, "dispatcher");
        SclipOptions.CheckSections(dispatcher);
        SclipOptions.Read<StoreOptions>(dispatcher, StoreOptions.Section);
        SclipOptions.Read<BrokerOptions>(dispatcher, BrokerOptions.Section);
        Assert.NotNull(SclipOptions.Read<DispatcherOptions>(dispatcher, DispatcherOptions.Section).ApiKey);
        var worker = Configuration(rendered, "worker");
        SclipOptions.CheckSections(worker);
        SclipOptions.Read<StoreOptions>(worker, StoreOptions.Section);
        SclipOptions.Read<BrokerOptions>(worker, BrokerOptions.Section);
        var options = SclipOptions.Read<WorkerOptions>(worker, WorkerOptions.Section);
        Assert.NotNull(options.Preload);
        Assert.InRange(options.Threads, 1, 64);
        if (overlay != "local")
            return;
        var workbench = Configuration(rendered, "workbench");
        SclipOptions.CheckSections(workbench);
        SclipOptions.Read<StoreOptions>(workbench, StoreOptions.Section);
        Assert.NotNull(SclipOptions.Read<WorkbenchOptions>(workbench, WorkbenchOptions.Section).ApiKey);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_init_container_pulls_what_the_worker_waits_for_to_where_it_looks_for_it(string overlay)
    {
        var rendered = await Overlay.RenderAsync(overlay);
        var (init, worker) = (ContainerEnvironment.Container(rendered, "model"), ContainerEnvironment.Container(rendered, "worker"));
        var (before, after) = (ContainerEnvironment.Of(rendered, init, _ => "any"), ContainerEnvironment.Of(rendered, worker, _ => "any"));
        Assert.Equal("""["model","pull","$(SCLIP_WORKER__PRELOAD)"]""", init["args"]!.ToJsonString());
        foreach (var key in new[] { "SCLIP_WORKER__PRELOAD", "SCLIP_CACHE" })
            Assert.Equal(after[key], before[key]);
        foreach (var container in new[] { init, worker })
            Assert.Contains(container["volumeMounts"]!.AsArray(), mount => (string?)mount!["name"] == "models" && (string?)mount["mountPath"] == after["SCLIP_CACHE"]);
    }

    private static string[] Allowed(string container) => container switch
    {
        "dispatcher" => ["STORE", "BROKER", "DISPATCHER"],
        "worker" => ["STORE", "BROKER", "WORKER"],
        "workbench" => ["STORE", "WORKBENCH"],
        _ => ["WORKER"],
    };

    private static IConfiguration Configuration(Overlay overlay, string container)
    {
        var variables = ContainerEnvironment.Of(overlay, ContainerEnvironment.Container(overlay, container), key => key switch
        {
            "connection" => "UseDevelopmentStorage=true",
            "uri" or "connection_string" => "amqp://guest:guest@localhost:5672/",
            "key" => new string('k', 32),
            _ => null,
        });
        return new ConfigurationBuilder().AddInMemoryCollection(variables
            .Where(variable => variable.Key.StartsWith(SclipOptions.EnvironmentPrefix, StringComparison.Ordinal))
            .Select(variable => KeyValuePair.Create(variable.Key[SclipOptions.EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value))).Build();
    }
}
