#!/usr/bin/env bash
# MassTransit.RabbitMQ 8.5.12: the token of Send does not end the call in which the exchange is declared, the first one to each address: where the broker keeps
# the connection and does not answer, the call goes on for as long as RabbitMQ's client waits for an answer, 20 seconds by default. A later send ends by its
# token. So a limit that holds for most sends is exceeded now and then. ContinuationTimeout, where the host is configured, shortens it. Needs
# RabbitMQ 3.10.8 (Debian 12's rabbitmq-server) on this machine, of which it starts one of its own, and lets it stand still for a while. Prints how
# sends end whose token is cancelled after two seconds; fails where it is otherwise.
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
trap 'kill -CONT "$(cat pid 2>/dev/null)" 2>/dev/null || true; kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
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
    <PackageReference Include="MassTransit.RabbitMQ" Version="[8.5.12]" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="[10.0.0]" />
  </ItemGroup>
</Project>
XML
cat >app/Program.cs <<'CS'
using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Talk;

foreach (var continuation in (string[])["default", "3"])
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.ClearProviders();
    builder.Services.AddMassTransit(bus =>
    {
        bus.DisableUsageTelemetry();
        bus.UsingRabbitMq((_, rabbit) => rabbit.Host(new Uri($"amqp://guest:guest@127.0.0.1:{args[0]}/"), settings =>
        {
            if (int.TryParse(continuation, out var seconds))
                settings.ContinuationTimeout(TimeSpan.FromSeconds(seconds));
        }));
    });
    using var host = builder.Build();
    await host.StartAsync();
    var bus = host.Services.GetRequiredService<IBus>();
    await bus.SendAsync($"known-{continuation}", TimeSpan.FromSeconds(60));
    await SignalAsync("STOP");
    foreach (var exchange in (string[])[$"known-{continuation}", $"new-{continuation}"])
    {
        var watch = Stopwatch.StartNew();
        var end = await bus.SendAsync(exchange, TimeSpan.FromSeconds(2));
        Console.WriteLine($"ContinuationTimeout {continuation}, exchange {exchange}: {end}, within ten seconds: {watch.Elapsed < TimeSpan.FromSeconds(10)}");
    }
    await SignalAsync("CONT");
    await host.StopAsync();
}

// The broker stands still, and its connections stay open.
async Task SignalAsync(string name)
{
    using var kill = Process.Start("kill", [$"-{name}", args[1]]);
    await kill.WaitForExitAsync();
}

static class Sends
{
    public static async Task<string> SendAsync(this IBus bus, string exchange, TimeSpan limit)
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{exchange}"));
        using var time = new CancellationTokenSource(limit);
        try
        {
            await endpoint.Send(new Said(), time.Token);
            return "sent";
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
    }
}

namespace Talk
{
    public record Said;
}
CS
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
for _ in $(seq 120); do [ -s pid ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 1; done
output=$(timeout 240 dotnet out/app.dll "$port" "$(cat pid)")
HOME=$folder "$programs/rabbitmqctl" -q stop >/dev/null 2>&1 || true
echo "$output"
expected='ContinuationTimeout default, exchange known-default: cancelled, within ten seconds: True
ContinuationTimeout default, exchange new-default: cancelled, within ten seconds: False
ContinuationTimeout 3, exchange known-3: cancelled, within ten seconds: True
ContinuationTimeout 3, exchange new-3: cancelled, within ten seconds: True'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
