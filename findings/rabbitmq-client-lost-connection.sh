#!/usr/bin/env bash
# RabbitMQ.Client 7.2.2: where the broker closes a connection, ConnectionShutdownAsync and the consumer's ShutdownAsync are raised only once the deliveries that
# are being handled have ended, however long that takes, and so IsRunning of the consumer stays true until then. ChannelShutdownAsync is raised at once, and the
# delivery's CancellationToken is cancelled. A program that works for minutes on a delivery, and is to notice that the broker has given it to another, must
# listen to these. Needs RabbitMQ 3.10.8 (Debian 12's rabbitmq-server) on this machine, of which it starts one of its own. Prints the events of a
# delivery that is handled for some seconds after the close; fails where they come otherwise.
set -euo pipefail
programs=/usr/lib/rabbitmq/bin
[ -x "$programs/rabbitmq-server" ] && dpkg-query -W -f '${Version}' rabbitmq-server | grep -q '^3\.10\.8-' || { echo "RabbitMQ 3.10.8 is not installed: apt-get install rabbitmq-server on Debian 12." >&2; exit 1; }
folder=$(mktemp -d)
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
port=$(free)
: >env.conf
echo '[].' >plugins
printf 'raft.wal_max_size_bytes = 16000000\ndisk_free_limit.absolute = 1MB\nlog.console = false\n' >rabbitmq.conf
export ERL_EPMD_PORT=$(free) ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME="finding-$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
    RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT=$(free) RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_CONF_ENV_FILE="$folder/env.conf" \
    RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" RABBITMQ_PID_FILE="$folder/pid" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 >/dev/null 2>&1 &
HOME=$folder "$programs/rabbitmq-server" >server.log 2>&1 </dev/null &
mkdir app
cat >app/app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="RabbitMQ.Client" Version="[7.2.2]" />
  </ItemGroup>
</Project>
XML
cat >app/Program.cs <<'CS'
using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

await using var connection = await new ConnectionFactory { Uri = new Uri($"amqp://guest:guest@127.0.0.1:{args[0]}/"), AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();
await channel.QueueDeclareAsync("work", durable: false, exclusive: false, autoDelete: false);
await channel.BasicPublishAsync("", "work", new byte[1]);
TaskCompletionSource begun = new(), isClosed = new(), told = new();
var events = new List<string>();
var consumer = new AsyncEventingBasicConsumer(channel);
connection.ConnectionShutdownAsync += (_, _) => NoteAsync("connection's shutdown");
channel.ChannelShutdownAsync += (_, _) => NoteAsync("channel's shutdown", isClosed);
consumer.ShutdownAsync += (_, _) => NoteAsync("consumer's shutdown", told);
consumer.ReceivedAsync += async (_, delivery) =>
{
    using var registration = delivery.CancellationToken.Register(() => NoteAsync("delivery's token"));
    begun.SetResult();
    await isClosed.Task;
    await Task.Delay(TimeSpan.FromSeconds(5));
    await NoteAsync($"delivery ends; the consumer runs: {consumer.IsRunning}");
};
await channel.BasicConsumeAsync("work", autoAck: false, consumer);
await begun.Task;
using (var control = Process.Start(args[1], ["-q", "close_all_connections", "closed by an operator"]))
    await control.WaitForExitAsync();
await told.Task;
await Task.Delay(TimeSpan.FromSeconds(2));
var end = events.FindIndex(item => item.StartsWith("delivery ends"));
Console.WriteLine($"at once: {string.Join(", ", events[..end].Order())}");
Console.WriteLine(events[end]);
Console.WriteLine($"afterwards: {string.Join(", ", events[(end + 1)..].Order())}");

Task NoteAsync(string what, TaskCompletionSource? done = null)
{
    lock (events)
        events.Add(what);
    done?.TrySetResult();
    return Task.CompletedTask;
}
CS
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
for _ in $(seq 120); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 1; done
output=$(HOME=$folder timeout 120 dotnet out/app.dll "$port" "$programs/rabbitmqctl" | grep -v '^Closed ')
HOME=$folder "$programs/rabbitmqctl" -q stop >/dev/null 2>&1 || true
echo "$output"
expected="at once: channel's shutdown, delivery's token
delivery ends; the consumer runs: True
afterwards: connection's shutdown, consumer's shutdown"
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
