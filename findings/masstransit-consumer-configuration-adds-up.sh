#!/usr/bin/env bash
# MassTransit 8.5.12: what is passed to ConfigureConsumer<T>(context, configure) on one receive endpoint is applied on every endpoint that is
# configured for the same consumer after it, too: the calls add up on the registration of the consumer. Two endpoints on the transport in
# memory, each with a filter that names it; a message to each. Seen: the first runs one filter, the second runs both, the first's outside:
# "first: first" and "second: first second". Without ConfigureConsumer's delegate, by the endpoint's own filters, each has its own; fails
# otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >bus.csproj <<'END'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MassTransit" Version="[8.5.12]" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.0" />
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
                endpoint.ConfigureConsumer<Listener>(context, consumer => consumer.Message<Said>(message => message.UseFilter(new Named(name))));
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
    Console.WriteLine($"{name}: {string.Join(' ', await Listener.Heard.Task.WaitAsync(TimeSpan.FromSeconds(30)))}");
    Named.Passed.Clear();
}
await host.StopAsync();

class Named(string name) : IFilter<ConsumeContext<Said>>
{
    public static readonly List<string> Passed = [];

    public Task Send(ConsumeContext<Said> context, IPipe<ConsumeContext<Said>> next)
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
dotnet out/bus.dll | tee seen
{ grep -qx 'first: first' seen && grep -qx 'second: first second' seen; } || { echo "Another behaviour than was seen." >&2; exit 10; }
