using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Sclip.Cli.Tests.Workbench;

/// <summary>A workbench that was begun in this process, and what it answers over HTTP.</summary>
internal sealed class RunningWorkbench : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly CancellationTokenSource _stop = new(), _abort = new();
    private readonly AddressWriter _output = new();
    private readonly Task<(int ExitCode, string Output, string Error)> _run;
    private readonly HttpClient _client = new();

    private RunningWorkbench(string[] arguments) => _run = Task.Run(() => SclipCli.Run(["workbench", .. arguments], _stop.Token, _abort.Token, _output));

    public static async Task<RunningWorkbench> StartAsync(params string[] arguments)
    {
        var workbench = new RunningWorkbench(arguments);
        var first = await Task.WhenAny(workbench._output.Address, workbench._run).WaitAsync(Limit);
        if (first == workbench._run)
            Assert.Fail($"It ended: {await workbench._run}");
        workbench._client.BaseAddress = await workbench._output.Address;
        return workbench;
    }

    public async Task<string> PathAsync() => $"workbench/sessions/{(await GetAsync("workbench"))["sessions"]![0]!["id"]}";

    public async Task<JsonObject> SessionAsync() => await GetAsync(await PathAsync());

    /// <summary>The session once no picture is waiting any more.</summary>
    public async Task<JsonObject> SettledAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var session = await SessionAsync();
            if ((int)session["ready"]! + (int)session["failed"]! == session["pictures"]!.AsArray().Count)
                return session;
            await Task.Delay(50, limit.Token);
        }
    }

    public async Task<JsonObject> GetAsync(string path) => (await _client.GetFromJsonAsync<JsonObject>(new Uri(path, UriKind.Relative)))!;

    public async Task<string> TextAsync(string path) => await _client.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<(int Status, JsonObject Body)> SaveAsync(string labels, string settings = "{}")
    {
        var body = JsonNode.Parse($$"""{"labels": {{labels}}, "settings": {{settings}}}""");
        using var answer = await _client.PostAsJsonAsync(new Uri($"{await PathAsync()}/save", UriKind.Relative), body);
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public async Task PutStateAsync(string state)
    {
        using var body = new StringContent(state);
        using var answer = await _client.PutAsync(new Uri($"{await PathAsync()}/state", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Interrupts it, and waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync(bool atOnce = false)
    {
        await _stop.CancelAsync();
        if (atOnce)
            await _abort.CancelAsync();
        return await _run.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _client.Dispose();
        _output.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    /// <summary>Takes the address out of what is told.</summary>
    private sealed class AddressWriter : StringWriter
    {
        private const string Before = "The workbench is at ";
        private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Uri> Address => _address.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(Before, StringComparison.Ordinal) == true)
                _address.TrySetResult(new Uri(value[Before.Length..].Split(' ')[0]));
        }
    }
}
