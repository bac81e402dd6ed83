using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Compose;

/// <summary>That the parts of <c>compose.yaml</c> fit each other, the Dockerfile and the manifests.</summary>
public class ComposeTests
{
    [Fact]
    public void There_are_two_workers_a_dispatcher_and_all_that_they_need()
    {
        var services = ComposeFile.Services();
        Assert.Equal(["azurite", "dispatcher", "grafana", "key", "page", "prometheus", "rabbitmq", "worker"], services.Keys.Order());
        Assert.Equal(2, (int)services["worker"]["deploy"]!["replicas"]!);
    }

    [Fact]
    public void Every_image_of_ours_is_built_from_the_target_that_it_is_named_by() =>
        Assert.All(ComposeFile.OwnServices().Values, service =>
        {
            var target = (string)service["build"]!["target"]!;
            Assert.Contains(target, Dockerfile.Targets);
            Assert.Equal($"sclip/{target}:{Dockerfile.Version}", (string?)service["image"]);
            Assert.Equal(".", (string?)service["build"]!["context"]);
        });

    [Fact]
    public void One_variable_names_the_registry_of_all_and_one_the_version()
    {
        var services = ComposeFile.Services(name => name switch { "SCLIP_REGISTRY" => "registry.example/team", "SCLIP_VERSION" => "7.8.9", _ => null });
        Assert.Equal("registry.example/team/worker:7.8.9", (string?)services["worker"]["image"]);
        Assert.All(services.Values.Where(service => service["build"] is not null), service => Assert.Matches("^registry.example/team/[a-z]+:7.8.9$", (string?)service["image"]));
    }

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("azurite")]
    public async Task Broker_and_store_are_those_of_one_machine_in_a_cluster(string name)
    {
        var container = Overlay.ContainersOf((await Overlay.RenderAsync("local")).The("Deployment", name)).Single();
        var service = ComposeFile.Services()[name];
        Assert.Equal((string?)container["image"], (string?)service["image"]);
        Assert.Equal(container["command"]?.ToJsonString(), service["command"]?.ToJsonString());
    }

    [Fact]
    public void Every_other_image_has_a_version() =>
        Assert.All(ComposeFile.Services().Values, service => Assert.Matches(@"^[a-z0-9./-]+:v?\d+(\.\d+)+$", (string?)service["image"]));

    [Fact]
    public void Ports_are_open_to_this_machine_alone_and_are_those_that_are_listened_at()
    {
        var services = ComposeFile.Services();
        foreach (var (name, service) in services)
            foreach (var port in ComposeFile.Strings(service["ports"]))
            {
                var parts = port.Split(':');
                Assert.Equal((3, "127.0.0.1"), (parts.Length, parts[0]));
                if (service["build"] is { } build)
                    Assert.Equal(Dockerfile.Port((string)build["target"]!), int.Parse(parts[2], CultureInfo.InvariantCulture));
                // The command's defaults, and those of the file's own text, name them.
                Assert.Equal(parts[2], parts[1]);
                Assert.NotEqual("worker", name);
            }
        Assert.Equal(["10000", "3000", "5672", "8080", "9090"], services.Values.SelectMany(service => ComposeFile.Strings(service["ports"])).Select(port => port.Split(':')[2]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Everything_waits_for_what_it_needs_until_that_is_ready()
    {
        var services = ComposeFile.Services();
        foreach (var service in services.Values)
            foreach (var (name, need) in service["depends_on"]?.AsObject() ?? [])
            {
                var needed = services[name];
                if ((string?)need!["condition"] == "service_healthy")
                    Assert.NotEmpty(ComposeFile.Strings(needed["healthcheck"]!["test"]));
                else
                    Assert.Equal(("service_completed_successfully", null), ((string?)need["condition"], (string?)needed["restart"]));
            }
        Assert.All(["dispatcher", "worker"], name => Assert.All(["rabbitmq", "azurite"], needed => Assert.Equal("service_healthy", (string?)services[name]["depends_on"]![needed]!["condition"])));
        // What runs on is checked and restarted; what ends is neither.
        Assert.All(services.Values, service => Assert.Equal((string?)service["restart"] == "unless-stopped", service["healthcheck"]!["test"] is not null));
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there_and_every_volume_is_declared()
    {
        var file = ComposeFile.Read();
        var volumes = file["volumes"]!.AsObject().Select(pair => pair.Key).ToArray();
        var used = ComposeFile.Services().Values.SelectMany(ComposeFile.Mounts).ToArray();
        foreach (var (source, _, readOnly) in used)
            if (source.StartsWith("./", StringComparison.Ordinal))
                Assert.True(readOnly && Path.Exists(Path.Combine(Repository.Root, source)), source);
            else
                Assert.Contains(source, volumes);
        Assert.All(volumes, volume => Assert.Contains(used, mount => mount.Source == volume));
    }

    [Fact]
    public void No_container_may_more_than_it_must()
    {
        Assert.All(ComposeFile.Services(), service =>
        {
            Assert.Equal(["ALL"], ComposeFile.Strings(service.Value["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], ComposeFile.Strings(service.Value["security_opt"]));
            Assert.All(["privileged", "cap_add", "pid", "ipc", "devices"], key => Assert.Null(service.Value[key]));
            if (service.Key == "rabbitmq")
                return;
            Assert.True((bool?)service.Value["read_only"]);
            Assert.Equal(["/tmp"], ComposeFile.Strings(service.Value["tmpfs"]));
        });
        // As the image says, but for the one that makes a file in a new volume.
        Assert.All(ComposeFile.OwnServices(), service => Assert.Equal(service.Key == "key" ? "0:0" : null, (string?)service.Value["user"]));
    }

    [Fact]
    public void What_services_write_lies_in_a_folder_that_their_user_owns()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));
        var owned = Regex.Match(dockerfile, "install -d -o 10001 -g 10001 (.+)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');
        var written = new[] { "dispatcher", "worker" }.SelectMany(name => ComposeFile.Mounts(ComposeFile.Services()[name])).Where(mount => !mount.ReadOnly).Select(mount => mount.Target).ToArray();
        Assert.Equal(["/models", "/var/cache/sclip"], written.Order(StringComparer.Ordinal));
        Assert.All(written, folder => Assert.Contains(folder, owned));
        Assert.Contains(ComposeFile.Environment(ComposeFile.Services()["dispatcher"])["SCLIP_DISPATCHER__CACHEFOLDER"], written);
    }
}
