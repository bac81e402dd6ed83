using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Manifests;

/// <summary>What images are called, and that all that name one agree.</summary>
public partial class ImageTests
{
    /// <summary>Where images are named: what starts them, and what says how.</summary>
    private static readonly string[] Places = ["Dockerfile", "compose.yaml", "README.md", "docs", "k8s", "tools", "src"];

    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_image_of_ours_is_a_target_of_the_Dockerfile_and_every_image_has_a_version(string overlay)
    {
        var images = (await Overlay.RenderAsync(overlay)).Deployments.SelectMany(Overlay.ContainersOf).Select(container => (string)container["image"]!).ToArray();
        Assert.NotEmpty(images);
        Assert.All(images, image =>
        {
            Assert.Matches("^[a-z0-9./-]+:[0-9]+(\\.[0-9]+)+$", image);
            if (image.StartsWith("sclip/", StringComparison.Ordinal))
                Assert.Contains(image["sclip/".Length..image.IndexOf(':', StringComparison.Ordinal)], Dockerfile.Targets);
        });
        // The workbench and the cli that pulls its model are the component's, which one of the overlays has.
        Assert.Equal(overlay == "local" ? 5 : 3, images.Count(image => image.StartsWith("sclip/", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_version_of_images_is_that_of_the_program()
    {
        var version = typeof(ImageTests).Assembly.GetName().Version!.ToString(3);
        Assert.Equal(version, Dockerfile.Version);
        var versions = Files().SelectMany(file => Named().Matches(File.ReadAllText(file)).Select(match => (file, match.Groups["version"].Value))).ToArray();
        Assert.NotEmpty(versions);
        Assert.All(versions, found => Assert.Equal((found.file, version), found));
    }

    [Fact]
    public void The_manifests_name_every_image_in_one_place_with_its_registry_and_version()
    {
        var images = Yaml.Read(File.ReadAllText(Path.Combine(Overlay.Folder, "components", "images", "kustomization.yaml")))[0]["images"]!.AsArray();
        Assert.Equal(["cli", "dispatcher", "workbench", "worker", "worker-cuda"], images.Select(image => ((string)image!["name"]!)["sclip/".Length..]).Order());
        Assert.All(images, image => Assert.Equal((string?)image!["name"], (string?)image["newName"]));
        Assert.All(images, image => Assert.Equal(Dockerfile.Version, (string?)image!["newTag"]));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task What_is_changed_there_by_the_command_of_its_text_changes_every_image_of_ours(string overlay)
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await Command.RunAsync("bash", ["-ec", $"""
            cp -r k8s "$0" && cd "$0"
            eval "$(sed -n 's/^# *\(sed .*\)/\1/p' k8s/components/images/kustomization.yaml)"
            """, folder.Path], folder: Repository.Root);
        Assert.True(code == 0, error);
        var images = (await Overlay.KustomizeAsync(folder[$"k8s/overlays/{overlay}"])).Where(found => (string?)found["kind"] == "Deployment").SelectMany(Overlay.ContainersOf).Select(container => (string)container["image"]!).ToArray();
        Assert.DoesNotContain(images, image => image.StartsWith("sclip/", StringComparison.Ordinal));
        Assert.Equal(overlay == "local" ? 5 : 3, images.Count(image => image.StartsWith("registry.example/team/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_calls_an_image_by_a_name_of_before() =>
        Assert.All(Files(), file => Assert.DoesNotMatch(@"\bsclip-(worker|dispatcher|workbench|cli)(-cuda)?:\d|localhost/sclip-(?!base)", File.ReadAllText(file)));

    [Theory]
    [InlineData(null, "sclip/worker")]
    [InlineData("registry.example/team", "registry.example/team/worker")]
    [InlineData("registry.example:5000/team/", "registry.example:5000/team/worker")]
    public async Task The_tool_that_builds_images_calls_them_so_too(string? registry, string expected)
    {
        var given = registry is null ? "unset SCLIP_REGISTRY" : $"export SCLIP_REGISTRY={registry}";
        var (code, output, error) = await Command.RunAsync("bash", ["-ec", $"{given}; source tools/images.sh; image_name worker"], folder: Repository.Root);
        Assert.True(code == 0, error);
        Assert.Equal($"{expected}:{Dockerfile.Version}", output.Trim());
    }

    private static IEnumerable<string> Files() => Places.Select(place => Path.Combine(Repository.Root, place))
        .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [path])
        .Where(file => !Built().IsMatch(file) && Path.GetExtension(file) is "" or ".yaml" or ".md" or ".sh" or ".cs" or ".tpl" or ".txt");

    [GeneratedRegex(@"(sclip|registry\.example/\w+)/(worker|dispatcher|workbench|cli|worker-cuda):(?<version>\d[\w.-]*)")]
    private static partial Regex Named();

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex Built();
}
