using System.Net;
using System.Text.Json.Nodes;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Deployment.Tests.Services;

/// <summary>Services with a configuration that is wrong or lacks something: they end with one line that names the key, or stay un-ready and say why.</summary>
public sealed class StartTests(DeployedServices services) : IDisposable
{
    private const string Broker = "SCLIP_BROKER__URI=amqp://guest:guest@127.0.0.1:1/";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Worker", "SCLIP_STORE__CONNECTION", Broker)]
    [InlineData("Dispatcher", "SCLIP_STORE__CONNECTION", Broker)]
    [InlineData("Worker", "SCLIP_BROKER__URI", "SCLIP_STORE__FOLDER=.")]
    [InlineData("Dispatcher", "SCLIP_BROKER__URI", "SCLIP_STORE__FOLDER=.")]
    [InlineData("Worker", "SCLIP_STORE__ACCOUNT", Broker, "SCLIP_STORE__ACCOUNT=http://pictures.example")]
    [InlineData("Dispatcher", "SCLIP_STORE__CONTAINER", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_STORE__CONTAINER=No")]
    [InlineData("Dispatcher", "SCLIP_BROKER__URI", "SCLIP_STORE__FOLDER=.", "SCLIP_BROKER__URI=http://localhost")]
    [InlineData("Dispatcher", "SCLIP_DISPATCHER__APIKEY", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_URLS=http://*:1")]
    [InlineData("Dispatcher", "SCLIP_DISPATCHER__APIKEY", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_DISPATCHER__APIKEY=short")]
    [InlineData("Worker", "SCLIP_WORKER__MODELFOLDER", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WORKER__MODELFOLDER=/nowhere")]
    [InlineData("Worker", "SCLIP_WORKER__THREADS", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WORKER__THREADS=0")]
    [InlineData("Worker", "SCLIP_WORKER__THREADS", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WORKER__TREADS=4")]
    [InlineData("Worker", "SCLIP_WORKER__DEVICE): cuda:99: ", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WORKER__DEVICE=cuda:99")]
    [InlineData("Worker", "SCLIP_WORKER__DEVICES", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WORKER__DEVICES=0,0")]
    [InlineData("Worker", "Store, Broker, Worker, Dispatcher, Workbench", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_WROKER__THREADS=4")]
    [InlineData("Workbench", "SCLIP_STORE__CONNECTION", "SCLIP_WORKBENCH__MOSTSESSIONS=2")]
    [InlineData("Workbench", "SCLIP_WORKBENCH__APIKEY", "SCLIP_STORE__FOLDER=.", "SCLIP_URLS=http://*:1")]
    [InlineData("Workbench", "SCLIP_WORKBENCH__FEATUREMEGABYTES", "SCLIP_STORE__FOLDER=.", "SCLIP_WORKBENCH__FEATUREMEGABYTES=0")]
    [InlineData("Dispatcher", "SCLIP_DISPATCHER__PLANSATONCE", Broker, "SCLIP_STORE__FOLDER=.", "SCLIP_DISPATCHER__PLANSATONCES=4")]
    public async Task A_setting_that_is_missing_or_wrong_ends_a_service_with_one_line_that_names_it(string service, string expected, params string[] settings)
    {
        using var process = Start(service, settings);
        await process.UntilAsync(_ => Task.FromResult(process.HasExited), CancellationToken.None);
        // Waits for the last of its output too.
        await process.TerminateAsync();
        Assert.Equal(1, process.ExitCode);
        var line = Assert.Single(process.Output.Trim().Split('\n'));
        Assert.StartsWith($"sclip-{service.ToLowerInvariant()}: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_whose_model_is_not_there_stays_unready_and_says_why()
    {
        await services.UseAsync();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        using var process = Start(
            "Worker", $"SCLIP_BROKER__URI={services.RabbitMq.Uri}", $"SCLIP_STORE__FOLDER={_folder.Path}", "SCLIP_WORKER__PRELOAD=nobody/nothing", "SCLIP_WORKER__PULLMODELS=false",
            $"SCLIP_CACHE={_folder.Path}", $"SCLIP_URLS={address}");
        using var client = new HttpClient();
        var (status, reason) = (HttpStatusCode.OK, "");
        await process.UntilAsync(
            async token =>
            {
                try
                {
                    using var answer = await client.GetAsync($"{address}/healthz/ready", token);
                    var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(token))!;
                    (status, reason) = (answer.StatusCode, (string?)report["parts"]!["model"]!["reason"] ?? "");
                    return reason.Contains("PullModels", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            CancellationToken.None);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("nobody/nothing", reason, StringComparison.Ordinal);
        await process.UntilAsync(_ => Task.FromResult(process.Output.Contains($"Not ready: {reason}", StringComparison.Ordinal)), CancellationToken.None);
        // It lives: a restart would not bring the model.
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{address}/healthz/live")).StatusCode);
    }

    private static ServerProcess Start(string service, params string[] settings) => ServerProcess.Start(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, $"Sclip.{service}.dll")], settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));
}
