#!/usr/bin/env bash
# MassTransit 8.5.12: a bus that is merely started, on the transport in memory, reports its use to a server of the vendor about five minutes
# later, unless DisableUsageTelemetry() is called where it is registered. Shown by a proxy that writes down what it is asked for and refuses
# it; two processes alike but for that call. Takes six minutes. Prints what each asks for; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
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
using System.Net;
using System.Net.Sockets;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddMassTransit(bus =>
{
    bus.UsingInMemory();
    if (args[0] == "disabled")
        bus.DisableUsageTelemetry();
});
using var host = builder.Build();
await host.StartAsync();
using var time = new CancellationTokenSource(TimeSpan.FromSeconds(350));
try
{
    using var client = await listener.AcceptTcpClientAsync(time.Token);
    using var reader = new StreamReader(client.GetStream());
    Console.WriteLine($"{args[0]}: {(await reader.ReadLineAsync())!.Split(" HTTP/")[0]}");
}
catch (OperationCanceledException)
{
    Console.WriteLine($"{args[0]}: nothing");
}
END
dotnet build -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
dotnet out/bus.dll reports >reports &
dotnet out/bus.dll disabled >disabled &
wait
output=$(sed 's/CONNECT [^ ]*:443$/CONNECT HOST:443/' reports disabled)
echo "$output"
expected='reports: CONNECT HOST:443
disabled: nothing'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
