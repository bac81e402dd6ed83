using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Sclip.Testing.Servers;

/// <summary>
/// A real RabbitMQ (Debian's rabbitmq-server) on a port of 127.0.0.1, with a name, a port mapper (epmd), a cookie and data of its own, so that
/// it runs beside any other and as any user. Its account is guest, its password guest.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private readonly TemporaryFolder _data = new();
    private readonly int _mapperPort = FreePort.Next();
    private readonly Dictionary<string, string> _environment;
    private ServerProcess? _mapper;
    private ServerProcess? _process;

    /// <param name="settings">More settings of its application <c>rabbit</c>, as Erlang's terms: <c>{channel_tick_interval, 5000}</c>.</param>
    public RabbitMqServer(params string[] settings)
    {
        _data.Write("rabbitmq-env.conf", "");
        _data.Write("enabled_plugins", "[].\n");
        // Quorum queues write to a log of 512 MB unless told otherwise, and a broker refuses messages where less than 50 MB of the disk are free.
        _data.Write("rabbitmq.conf", $"listeners.tcp.local = 127.0.0.1:{Port}\nraft.wal_max_size_bytes = 16000000\ndisk_free_limit.absolute = 1MB\nlog.console = false\n");
        // A quorum queue tells its counts at each tick, every five seconds unless told otherwise: whoever waits for an empty queue would wait that long.
        _data.Write("advanced.config", $"[{{rabbit, [{string.Join(", ", settings.Prepend("{quorum_tick_interval, 500}"))}]}}].\n");
        _environment = new()
        {
            ["HOME"] = _data.Path,
            ["ERL_EPMD_PORT"] = Text(_mapperPort),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = $"sclip-{Guid.NewGuid():n}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(Port),
            ["RABBITMQ_DIST_PORT"] = Text(FreePort.Next()),
            ["RABBITMQ_MNESIA_BASE"] = _data["mnesia"],
            ["RABBITMQ_LOG_BASE"] = _data["log"],
            ["RABBITMQ_CONF_ENV_FILE"] = _data["rabbitmq-env.conf"],
            ["RABBITMQ_CONFIG_FILE"] = _data["rabbitmq.conf"],
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = _data["advanced.config"],
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _data["enabled_plugins"],
            ["RABBITMQ_PID_FILE"] = _data["pid"],
            // An idle scheduler of Erlang spins for a while; on a machine of few cores that is time taken from the programs under test.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CTL_ERL_ARGS"] = "+sbwt none",
        };
    }

    public int Port { get; } = FreePort.Next();

    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{Port}/");

    /// <summary>The log of the broker, for a look at what went wrong.</summary>
    public string Log => Directory.Exists(_data["log"]) ? string.Concat(Directory.GetFiles(_data["log"], "*.log").Select(File.ReadAllText)) : "";

    /// <summary>Starts it, again on the same port and data where it was stopped, and returns once it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        TestNeeds.Require("rabbitmq");
        if (!File.Exists($"{Programs}/rabbitmq-server"))
            throw new InvalidOperationException("RabbitMQ is not installed: run ./test.sh, or apt-get install -y --no-install-recommends rabbitmq-server.");
        if (_process is { HasExited: false })
            return;
        _process?.Dispose();
        // A child in the foreground: the one that a broker starts for itself would outlive it.
        _mapper ??= ServerProcess.Start("epmd", ["-port", Text(_mapperPort), "-address", "127.0.0.1"]);
        _process = ServerProcess.Start($"{Programs}/rabbitmq-server", [], _environment);
        try
        {
            await _process.UntilAsync(TakesConnectionsAsync, cancellationToken);
        }
        catch
        {
            // A test that never began is not disposed of, and what it has started would outlive it.
            _process.Dispose();
            _mapper.Dispose();
            (_process, _mapper) = (null, null);
            throw;
        }
    }

    /// <summary>Kills it at once, as a machine that loses power does.</summary>
    public Task StopAsync()
    {
        _process?.Kill();
        return Task.CompletedTask;
    }

    /// <summary>All queues and the messages in them.</summary>
    public async Task<IReadOnlyList<QueueCount>> QueuesAsync(CancellationToken cancellationToken = default)
    {
        const string Counts = """
            io:put_chars(rabbit_json:encode([[{name, Name}, {ready, Ready}, {unacknowledged, Unacknowledged}, {consumers, Consumers}]
                || [{_, {resource, _, queue, Name}}, {_, Ready}, {_, Unacknowledged}, {_, Consumers}]
                <- rabbit_amqqueue:info_all(<<"/">>, [name, messages_ready, messages_unacknowledged, consumers])])).

            """;
        using var queues = JsonDocument.Parse(await EvaluateAsync(Counts, cancellationToken));
        return [.. queues.RootElement.EnumerateArray().Select(queue => new QueueCount(
            queue.GetProperty("name").GetString()!, Count(queue, "ready"), Count(queue, "unacknowledged"), Count(queue, "consumers")))];
    }

    /// <summary>Deletes a queue with all that is in it; the broker cancels its consumers.</summary>
    public Task DeleteQueueAsync(string name, CancellationToken cancellationToken = default) => ControlAsync(["delete_queue", name], cancellationToken);

    /// <summary>Makes a virtual host without queues, empty again where it was there: all that it held is lost, and its connections are closed.</summary>
    /// <returns>Its address.</returns>
    public async Task<Uri> EmptyHostAsync(string name, CancellationToken cancellationToken = default)
    {
        var hosts = await ControlAsync(["-q", "list_vhosts", "name"], cancellationToken);
        if (hosts.Split('\n').Contains(name))
            await ControlAsync(["delete_vhost", name], cancellationToken);
        await ControlAsync(["add_vhost", name], cancellationToken);
        await AllowAsync(name, read: ".*", cancellationToken);
        return new Uri(Uri, name);
    }

    /// <summary>Says what the account may read from in a virtual host, as a regular expression; all else is allowed.</summary>
    public Task AllowAsync(string host, string read, CancellationToken cancellationToken = default) =>
        ControlAsync(["set_permissions", "-p", host, "guest", ".*", ".*", read], cancellationToken);

    /// <summary>Makes it short of disk space, or ends that: meanwhile it takes no message.</summary>
    public Task AlarmAsync(bool isOn, CancellationToken cancellationToken = default) =>
        ControlAsync(["eval", isOn ? "rabbit_alarm:set_alarm({{resource_limit, disk, node()}, []})." : "rabbit_alarm:clear_alarm({resource_limit, disk, node()})."], cancellationToken);

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _mapper?.Dispose();
        (_process, _mapper) = (null, null);
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A queue that is just being made has no counts yet, and shows an empty text.
    private static long Count(JsonElement queue, string property) => queue.GetProperty(property) is { ValueKind: JsonValueKind.Number } count ? count.GetInt64() : 0;

    private Task<string> ControlAsync(string[] arguments, CancellationToken cancellationToken) => RunAsync($"{Programs}/rabbitmqctl", arguments, "", cancellationToken);

    /// <summary>Has the broker evaluate Erlang, by a program in C: rabbitmqctl starts an Erlang of its own each time, which takes half a second of processor time.</summary>
    /// <param name="expression">The expression, whose line must end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the expression wrote.</returns>
    private async Task<string> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        string[] arguments = ["-h", $"asks-{Guid.NewGuid():n}", "-sname", _environment["RABBITMQ_NODENAME"], "-no_result_term", "-fetch_stdout", "-e"];
        var output = await RunAsync("erl_call", arguments, expression, cancellationToken);
        return output.Length > 0 ? output : throw new InvalidOperationException($"The broker wrote nothing for {expression}");
    }

    private async Task<string> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
            info.Environment[name] = value;
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {output}{await error}");
    }

    /// <summary>Greets it in AMQP 0-9-1 and looks for its answer, a frame of the class connection (10) and the method start (10).</summary>
    private async Task<bool> TakesConnectionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\u0009\u0001"u8.ToArray(), cancellationToken);
            var frame = new byte[11];
            await stream.ReadExactlyAsync(frame, cancellationToken);
            return frame[0] == 1 && frame[8] == 10 && frame[10] == 10;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return false;
        }
    }
}
