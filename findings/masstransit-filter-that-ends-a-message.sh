#!/usr/bin/env bash
# MassTransit 8.5.12: a filter of a receive endpoint that deals with a message itself, and does not pass it on, has not consumed it: the bus moves the message
# to the queue NAME_skipped, where it waits until somebody looks there. No exception tells so. The filter has to say that the message is consumed, by
# NotifyConsumed. Shown on the transport in memory by three queues, each with a listener on its queue of skipped messages. Prints where each message
# ends; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
cat >app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MassTransit" Version="[8.5.12]" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="[10.0.0]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Talk;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddMassTransit(bus =>
{
    bus.DisableUsageTelemetry();
    bus.UsingInMemory((_, memory) =>
    {
        foreach (var name in Filter.Names)
        {
            memory.ReceiveEndpoint(name, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.UseFilter(new Filter(name));
                endpoint.Handler<Said>(_ => Filter.EndAsync(name, "handler"));
            });
            memory.ReceiveEndpoint($"{name}_skipped", endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.Handler<Said>(_ => Filter.EndAsync(name, "queue of skipped messages"));
            });
        }
    });
});
using var host = builder.Build();
await host.StartAsync();
foreach (var name in Filter.Names)
    await (await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"queue:{name}"))).Send(new Said());
for (var seconds = 0; seconds < 60 && Filter.Count < 4; seconds++)
    await Task.Delay(TimeSpan.FromSeconds(1));
// What is too much has some time to come.
await Task.Delay(TimeSpan.FromSeconds(3));
await host.StopAsync();
foreach (var name in Filter.Names)
    Console.WriteLine($"{name}: {string.Join(", ", Filter.Ends.Where(end => end.Name == name).Select(end => end.Place))}");

class Filter(string name) : IFilter<ConsumeContext>
{
    public static readonly string[] Names = ["passes-on", "keeps", "keeps-and-says-so"];
    public static readonly List<(string Name, string Place)> Ends = [];

    public static int Count
    {
        get
        {
            lock (Ends)
                return Ends.Count;
        }
    }

    public static Task EndAsync(string name, string place)
    {
        lock (Ends)
            Ends.Add((name, place));
        return Task.CompletedTask;
    }

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (name == "passes-on")
        {
            await next.Send(context);
            return;
        }
        await EndAsync(name, "filter");
        if (name == "keeps-and-says-so" && context.TryGetMessage<Said>(out var said))
            await context.NotifyConsumed(said, TimeSpan.Zero, nameof(Filter));
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("filter");
}

namespace Talk
{
    public record Said;
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='passes-on: handler
keeps: filter, queue of skipped messages
keeps-and-says-so: filter'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
