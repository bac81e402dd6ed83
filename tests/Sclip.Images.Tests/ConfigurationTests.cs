namespace Sclip.Images.Tests;

/// <summary>What the images say of themselves.</summary>
public sealed class ConfigurationTests(BuiltImages images)
{
    [Fact]
    public void All_images_run_as_a_numbered_user_so_that_a_cluster_can_see_that_it_is_not_root() =>
        Assert.All(images.All, image => Assert.Equal("10001:10001", image.User));

    [Fact]
    public void All_images_start_dotnet_itself_so_that_signals_reach_it() =>
        Assert.All(images.All, image =>
        {
            Assert.Equal("dotnet", image.Entrypoint[0]);
            Assert.True(File.Exists(image.Root + image.Entrypoint[1]), image.Entrypoint[1]);
        });

    [Fact]
    public void All_images_keep_models_in_a_volume_which_their_user_may_write() =>
        Assert.All(images.All, image =>
        {
            Assert.Equal(["/models"], image.Volumes);
            Assert.Equal("/models", image.Environment["SCLIP_CACHE"]);
        });

    [Theory]
    [InlineData("worker", 8081)]
    [InlineData("dispatcher", 8080)]
    public void A_service_listens_on_the_port_that_its_image_names(string target, int port)
    {
        var image = images.All.Single(image => image.Target == target);
        Assert.Equal([$"{port}/tcp"], image.Ports);
        Assert.Equal($"http://*:{port}", image.Environment["SCLIP_URLS"]);
        Assert.Equal("", image.Environment["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal("CMD", image.HealthCheck[0]);
    }

    [Fact]
    public void All_images_are_labelled() =>
        Assert.All(images.All, image =>
        {
            Assert.StartsWith("sclip", image.Labels["org.opencontainers.image.title"], StringComparison.OrdinalIgnoreCase);
            Assert.Equal("MIT", image.Labels["org.opencontainers.image.licenses"]);
            Assert.Matches(@"^\d+\.\d+\.\d+$", image.Labels["org.opencontainers.image.version"]);
        });

    [Fact]
    public async Task The_image_for_CUDA_says_what_is_missing_instead_of_computing_on_the_CPU()
    {
        var built = await Tool.ScriptAsync(images.Store, "build-images", "--local", "worker-cuda");
        Assert.NotEqual(0, built.ExitCode);
        Assert.Contains("src/Sclip.Segmentation.TorchSharp, which does not exist yet", built.Output + built.Error, StringComparison.Ordinal);
    }
}
