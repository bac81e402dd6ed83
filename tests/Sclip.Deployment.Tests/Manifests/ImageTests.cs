using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Manifests;

public partial class ImageTests
{
    public static TheoryData<string> Overlays => [.. Overlay.Names];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_image_of_ours_is_a_target_of_the_Dockerfile_and_every_image_has_a_version(string overlay)
    {
        var targets = Targets(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile")));
        var images = (await Overlay.RenderAsync(overlay)).Deployments.SelectMany(Overlay.ContainersOf).Select(container => (string)container["image"]!).ToArray();
        Assert.NotEmpty(images);
        Assert.All(images, image =>
        {
            Assert.Matches("^[a-z0-9./-]+:[0-9]+(\\.[0-9]+)+$", image);
            if (image.StartsWith("sclip/", StringComparison.Ordinal))
                Assert.Contains(image["sclip/".Length..image.IndexOf(':', StringComparison.Ordinal)], targets);
        });
        // The workbench and the cli that pulls its model are the component's, which one of the overlays has.
        Assert.Equal(overlay == "local" ? 5 : 3, images.Count(image => image.StartsWith("sclip/", StringComparison.Ordinal)));
    }

    private static string[] Targets(string dockerfile) => [.. From().Matches(dockerfile).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^FROM\s+.+\s+AS\s+(\S+)\s*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex From();
}
