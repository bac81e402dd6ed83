using Sclip.Cli.Tests.Scripting;
using Sclip.Testing.Servers;

namespace Sclip.Cli.Tests.Jobs;

/// <summary>Commands about jobs that ask a dispatcher, with neither store nor broker.</summary>
[Collection(JobCli.Collection)]
public sealed class DispatchedJobTests(JobCli jobs) : IAsyncLifetime
{
    private const string Key = "the-key-of-these-tests", KeyVariable = "SCLIP_DISPATCHER__APIKEY", AddressVariable = "SCLIP_DISPATCHER_URL";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "sclip.dll");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly int _port = FreePort.Next();
    private ServerProcess? _dispatcher;

    private string Address => FormattableString.Invariant($"http://127.0.0.1:{_port}");

    public async ValueTask InitializeAsync()
    {
        await jobs.UseServersAsync();
        _dispatcher = ServerProcess.Start("dotnet", [Program, "dispatcher", $"--urls={Address}", $"--Dispatcher:ApiKey={Key}"]);
        await _dispatcher.UntilReadyAsync(new Uri(Address));
        Environment.SetEnvironmentVariable(KeyVariable, Key);
        Environment.SetEnvironmentVariable(AddressVariable, Address);
    }

    public ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(KeyVariable, null);
        Environment.SetEnvironmentVariable(AddressVariable, null);
        JobCli.Use();
        _dispatcher?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_job_is_followed_as_by_the_store_with_the_same_output_and_exit_code()
    {
        var container = await jobs.ContainerAsync(("good.png", JobServers.Picture(1)), ("torn.png", [1, 2]));
        var id = await JobCli.DoneAsync(JobCli.Submit(container));
        JobCli.Use();
        // By the environment, and to its end.
        var (code, watched, error) = await SclipCli.Run(["watch", id]);
        Assert.True(code == 2, $"{code}: {error}{watched}");
        (code, var output, error) = await SclipCli.Run(["watch", id, "--json", "--dispatcher", Address]);
        Assert.True(code == 2, $"{code}: {error}{output}");
        Assert.Equal("ended", (string?)SchemaCheck.Line("watch", output)["event"]);
        var asked = await SclipCli.Run(["watch", id]);
        Environment.SetEnvironmentVariable(AddressVariable, null);
        await jobs.UseServersAsync();
        Assert.Equal(await SclipCli.Run(["watch", id]), asked);
        Assert.EndsWith(asked.Output, watched, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_cancelled_and_retried()
    {
        var id = await JobCli.DoneAsync(JobCli.Submit(await jobs.ContainerAsync(("a.png", JobServers.Picture(1))), "--on", "cuda"));
        JobCli.Use();
        var watch = Task.Run(() => SclipCli.Run(["watch", id]));
        Assert.Equal($"Cancelled {id}; `sclip retry {id}` goes on with it.", await JobCli.DoneAsync("cancel", id));
        var (code, watched, _) = await watch;
        Assert.Equal(1, code);
        Assert.Contains("cancelled", watched, StringComparison.Ordinal);
        Assert.Equal($"Enqueued what has no results of {id}: 1 of 1 shard.", await JobCli.DoneAsync("retry", id, "--dispatcher", Address));
        await JobCli.DoneAsync("cancel", id);

        await jobs.UseServersAsync();
        id = await JobCli.DoneAsync(JobCli.Submit(await jobs.ContainerAsync(("a.png", JobServers.Picture(1)))));
        JobCli.Use();
        await JobCli.DoneAsync("watch", id);
        Assert.Equal($"All shards of {id} have results.", await JobCli.DoneAsync("retry", id, "--failed"));
        Assert.Contains($"{id} is complete; there is nothing to cancel.", await JobCli.RefusedAsync("cancel", id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_dispatcher_cannot_do_is_refused_in_the_same_words_by_each_command()
    {
        JobCli.Use();
        foreach (var command in (string[])["status", "watch", "cancel", "retry"])
        {
            Assert.Equal($"sclip: The dispatcher at {Address}/ refuses: There is no job none. `sclip jobs` lists those that it has.{Environment.NewLine}", await JobCli.RefusedAsync(command, "none"));
            Assert.Contains("'..' is no job id", await JobCli.RefusedAsync(command, ".."), StringComparison.Ordinal);
            Assert.Contains("must be an address", await JobCli.RefusedAsync(command, "none", "--dispatcher", "localhost"), StringComparison.Ordinal);
            Assert.Contains("does not answer: Connection refused", await JobCli.RefusedAsync(command, "none", "--dispatcher", FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}")), StringComparison.Ordinal);
            foreach (var (key, said) in ((string, string)[])[("another", "that of SCLIP_DISPATCHER__APIKEY is not its"), ("", "SCLIP_DISPATCHER__APIKEY is not set"), ("two\nlines", "a header cannot carry"), ("schlüssel", "a header cannot carry")])
            {
                Environment.SetEnvironmentVariable(KeyVariable, key);
                Assert.Contains(said, await JobCli.RefusedAsync(command, "none"), StringComparison.Ordinal);
            }
            Environment.SetEnvironmentVariable(KeyVariable, Key);
        }
    }

    [Fact]
    public async Task Another_service_in_the_place_of_a_dispatcher_is_found_out()
    {
        var address = FormattableString.Invariant($"http://127.0.0.1:{jobs.Servers.Azurite.Port}");
        Assert.Contains($"The dispatcher at {address}/ answers 400 Bad Request without a reason: something between may have answered", await JobCli.RefusedAsync("watch", "none", "--dispatcher", address), StringComparison.Ordinal);
        address = FormattableString.Invariant($"http://127.0.0.1:{jobs.Servers.RabbitMq.Uri.Port}");
        var refused = await JobCli.RefusedAsync("watch", "none", "--dispatcher", address);
        Assert.Contains($"The dispatcher at {address}/ does not answer: ", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("An error occurred", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_told_of_once_and_tried_again()
    {
        var id = await JobCli.DoneAsync(JobCli.Submit(await jobs.ContainerAsync(("a.png", JobServers.Picture(1))), "--on", "cuda"));
        await using var relay = new TcpRelay(_port);
        using var watch = Watch(id, relay);
        await watch.UntilAsync(_ => Task.FromResult(watch.Output.Contains("0/1 image", StringComparison.Ordinal)), CancellationToken.None);
        for (var outages = 1; outages <= 2; outages++)
        {
            relay.Refuses = true;
            relay.Cut();
            await watch.UntilAsync(_ => Task.FromResult(Warnings() == outages), CancellationToken.None);
            // It is asked more than once meanwhile, which is told of no more.
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            Assert.Equal(outages, Warnings());
            var before = watch.Output.Length;
            relay.Refuses = false;
            await watch.UntilAsync(_ => Task.FromResult(watch.Output.Length > before), CancellationToken.None);
        }
        Assert.Contains($"warning: The dispatcher at http://127.0.0.1:{relay.Port}/ does not answer: ", watch.Output, StringComparison.Ordinal);
        await JobCli.DoneAsync("cancel", id);
        await watch.EndAsync(Limit);
        Assert.Equal(1, watch.ExitCode);
        Assert.Contains("cancelled", watch.Output, StringComparison.Ordinal);

        int Warnings() => watch.Output.Split("It is asked again until it can tell; watching does not hold up the job.").Length - 1;
    }

    [Fact]
    public async Task An_interrupt_ends_it_also_while_the_dispatcher_is_gone()
    {
        var id = await JobCli.DoneAsync(JobCli.Submit(await jobs.ContainerAsync(("a.png", JobServers.Picture(1))), "--on", "cuda"));
        foreach (var isGone in (bool[])[false, true])
        {
            await using var relay = new TcpRelay(_port);
            using var watch = Watch(id, relay);
            await watch.UntilAsync(_ => Task.FromResult(watch.Output.Contains("0/1 image", StringComparison.Ordinal)), CancellationToken.None);
            if (isGone)
            {
                relay.Refuses = true;
                relay.Cut();
                await watch.UntilAsync(_ => Task.FromResult(watch.Output.Contains("warning: ", StringComparison.Ordinal)), CancellationToken.None);
            }
            await watch.TerminateAsync(Limit);
            Assert.Equal(130, watch.ExitCode);
            Assert.EndsWith("Interrupted.", watch.Output.Trim(), StringComparison.Ordinal);
        }
        await JobCli.DoneAsync("cancel", id);
    }

    private static ServerProcess Watch(string id, TcpRelay relay) => ServerProcess.Start("env",
        ["-u", "SCLIP_STORE__CONNECTION", "-u", "SCLIP_BROKER__URI", "dotnet", Program, "watch", id, "--dispatcher", FormattableString.Invariant($"http://127.0.0.1:{relay.Port}")]);
}
