using Sclip.Testing;

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

    // Building it takes gigabytes of packages, which not every registry has.
    [Fact]
    public async Task The_image_for_CUDA_holds_a_worker_that_is_built_with_libtorch_and_CUDA()
    {
        var dockerfile = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Dockerfile"), TestContext.Current.CancellationToken);
        Assert.Contains("${PUBLISH} -p:Libtorch=cuda src/Sclip.Worker -o /out/worker-cuda\n", dockerfile, StringComparison.Ordinal);
        Assert.Contains("COPY --from=build-cuda /out/worker-cuda /app\n", dockerfile, StringComparison.Ordinal);
        Assert.Contains("\"TorchSharp-cuda-linux\"", await PackagesAsync("cuda"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"TorchSharp-cuda-linux\"", await PackagesAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flavour_of_libtorch_that_there_is_not_is_refused_instead_of_left_out()
    {
        var built = await BuildAsync("Sclip.Worker", "-t:CheckLibtorch", "-p:Libtorch=gpu");
        Assert.NotEqual(0, built.ExitCode);
        Assert.Contains("Libtorch=gpu is no flavour of libtorch: it is cuda, cpu, or empty", built.Output, StringComparison.Ordinal);
    }

    private async Task<string> PackagesAsync(string libtorch)
    {
        var evaluated = await BuildAsync("Sclip.Segmentation.TorchSharp", "-getItem:PackageReference", $"-p:Libtorch={libtorch}");
        Assert.True(evaluated.ExitCode == 0, evaluated.Output);
        return evaluated.Output;
    }

    private Task<ToolResult> BuildAsync(string project, params string[] arguments) =>
        Tool.RunAsync(images.Store, "dotnet", ["msbuild", Path.Combine(Repository.Root, "src", project), .. arguments]);
}
