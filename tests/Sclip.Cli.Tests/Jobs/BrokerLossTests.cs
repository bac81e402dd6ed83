using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>A broker that is down or takes nothing. What waits for it are processes with settings of their own, so that other tests go on meanwhile.</summary>
public sealed class BrokerLossTests : IDisposable
{
    private const string Secret = "topsecret-topsecret-topsecret";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sclip.dll");

    // Far above what it takes, also to start where the machine does much else: a bus that waits for the broker does so for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // Below the half minute after which a host ends what holds it up.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);
    private readonly TemporaryFolder _folder = new();

    public BrokerLossTests() => _folder.Write("blobs/photos/1.png", JobServers.Picture(1));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_broker_that_is_down_is_named_without_its_password()
    {
        var port = FreePort.Next();
        using var submit = Start(new Uri($"amqp://guest:{Secret}@127.0.0.1:{port}/"), JobCli.Submit("photos"));
        await submit.EndAsync(Limit);
        Assert.Equal(1, submit.ExitCode);
        Assert.StartsWith("sclip: ", submit.Output, StringComparison.Ordinal);
        Assert.Single(submit.Output.Trim().Split('\n'));
        Assert.Contains($"127.0.0.1:{port}", submit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, submit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submit_that_is_interrupted_while_it_waits_for_the_broker_says_so()
    {
        // One that hangs up on everybody is tried again and again.
        using var broker = new TcpListener(IPAddress.Loopback, 0);
        broker.Start();
        using var submit = Start(new Uri($"amqp://guest:guest@127.0.0.1:{((IPEndPoint)broker.LocalEndpoint).Port}/"), JobCli.Submit("photos"));
        using (await broker.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit))
        {
        }
        await submit.TerminateAsync(Limit);
        Assert.Equal((130, "Interrupted. The same command goes on where it stopped."), (submit.ExitCode, submit.Output.Trim()));
    }

    [Fact]
    public async Task A_broker_that_takes_nothing_holds_up_neither_a_submit_nor_the_end_of_a_dispatcher()
    {
        await using var broker = new RabbitMqServer();
        await broker.StartAsync();
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        using var dispatcher = Start(broker.Uri, "dispatcher", $"--urls=http://127.0.0.1:{port}");
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await dispatcher.UntilReadyAsync(client.BaseAddress!);
        await broker.AlarmAsync(isOn: true);
        using var submit = Start(broker.Uri, JobCli.Submit("photos"));
        await submit.EndAsync(Limit);
        Assert.Equal(1, submit.ExitCode);
        Assert.Contains("takes nothing now: it is full, or the broker is short of memory or disk", submit.Output, StringComparison.Ordinal);
        // It finds the job that is not planned to its end, and sends in vain too.
        using var retried = await client.PostAsync(new Uri($"/jobs/{submit.Output.Split('\n')[0].Trim()}/retry", UriKind.Relative), content: null);
        await dispatcher.TerminateAsync(StopLimit);
        Assert.Equal(0, dispatcher.ExitCode);
    }

    private ServerProcess Start(Uri broker, params string[] arguments) => ServerProcess.Start("env",
    [
        // Which other tests may have set meanwhile.
        .. ((string[])["STORE__CONNECTION", "STORE__ACCOUNT", "STORE__DURABLE", "DISPATCHER__APIKEY"]).SelectMany(name => (string[])["-u", $"SCLIP_{name}"]),
        $"SCLIP_STORE__FOLDER={_folder["blobs"]}", $"SCLIP_BROKER__URI={broker}", "dotnet", Program, .. arguments,
    ]);
}
