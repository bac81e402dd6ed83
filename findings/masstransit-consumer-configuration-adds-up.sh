#!/usr/bin/env bash
# MassTransit 8.5.12: what is passed to ConfigureConsumer<T>(context, configure) on one receive endpoint is applied on every endpoint that is
# configured for the same consumer after it, too: the calls add up on the registration of the consumer. Two endpoints on the transport in
# memory, each with a filter that names it; a message to each: the first runs one filter, the second runs both, the first's outside. Where the
# filter is the endpoint's own, and ConfigureConsumer has no delegate, each has its own. Prints the filters of each; fails where they are others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
cat >bus.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MassTransit" Version="[8.5.12]" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="[10.0.0]" />
  </ItemGroup>
</Project>
END
cat >bus.cs <<'END'
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Talk;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
var isDelegate = args[0] == "delegate";
builder.Services.AddMassTransit(bus =>
{
    bus.DisableUsageTelemetry();
    bus.AddConsumer<Listener>();
    bus.UsingInMemory((context, memory) =>
    {
        foreach (var name in (string[])["first", "second"])
            memory.ReceiveEndpoint(name, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                if (!isDelegate)
                    endpoint.UseFilter(new Named(name));
                endpoint.ConfigureConsumer<Listener>(context, consumer =>
                {
                    if (isDelegate)
                        consumer.Message<Said>(message => message.UseFilter(new Named(name)));
                });
            });
    });
});
using var host = builder.Build();
await host.StartAsync();
var bus = host.Services.GetRequiredService<IBus>();
foreach (var name in (string[])["first", "second"])
{
    Listener.Heard = new();
    await (await bus.GetSendEndpoint(new Uri($"queue:{name}"))).Send(new Said());
    Console.WriteLine($"{args[0]}, {name}: {string.Join(' ', await Listener.Heard.Task.WaitAsync(TimeSpan.FromSeconds(30)))}");
    Named.Passed.Clear();
}
await host.StopAsync();

class Named(string name) : IFilter<ConsumeContext<Said>>, IFilter<ConsumeContext>
{
    public static readonly List<string> Passed = [];

    public Task Send(ConsumeContext<Said> context, IPipe<ConsumeContext<Said>> next)
    {
        Passed.Add(name);
        return next.Send(context);
    }

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        Passed.Add(name);
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("named");
}

class Listener : IConsumer<Said>
{
    public static TaskCompletionSource<string[]> Heard = new();

    public Task Consume(ConsumeContext<Said> context)
    {
        Heard.SetResult([.. Named.Passed]);
        return Task.CompletedTask;
    }
}

namespace Talk
{
    public record Said;
}
END
dotnet build -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
output=$(dotnet out/bus.dll delegate && dotnet out/bus.dll endpoint)
echo "$output"
expected='delegate, first: first
delegate, second: first second
endpoint, first: first
endpoint, second: second'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
