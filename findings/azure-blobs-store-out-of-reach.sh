#!/usr/bin/env bash
# Azure.Storage.Blobs 12.30.1: what a call throws where the store cannot be reached depends on the retries. With them (the default) it is an AggregateException,
# which no catch of RequestFailedException takes, with one exception for each try; without, a RequestFailedException of status 0. A store that takes
# the connection and does not answer in NetworkTimeout ends in a TaskCanceledException without retries, though nobody cancelled, which code that
# ignores cancellations passes over. Prints each; fails where it is otherwise.
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
    <PackageReference Include="Azure.Storage.Blobs" Version="[12.30.1]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Storage.Blobs;

using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
using var silent = new TcpListener(IPAddress.Loopback, 0);
silent.Start();
await ShowAsync("refuses connections", closed.LocalEndPoint!);
await ShowAsync("does not answer", silent.LocalEndpoint);

static async Task ShowAsync(string what, EndPoint address)
{
    foreach (var retries in (int[])[2, 0])
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = retries, Delay = TimeSpan.FromMilliseconds(10), NetworkTimeout = TimeSpan.FromSeconds(1) } };
        var container = new BlobContainerClient($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://{address}/devstoreaccount1;", "photos", options);
        try
        {
            await container.ExistsAsync();
        }
        catch (Exception error)
        {
            Console.WriteLine($"{what}, {retries} retries: {Name(error)}{(error is AggregateException all ? $" of {string.Join(", ", all.InnerExceptions.Select(Name))}" : "")}");
        }
    }
}

static string Name(Exception error) => error is RequestFailedException failed ? $"RequestFailedException {failed.Status}" : error.GetType().Name;
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='refuses connections, 2 retries: AggregateException of RequestFailedException 0, RequestFailedException 0, RequestFailedException 0
refuses connections, 0 retries: RequestFailedException 0
does not answer, 2 retries: AggregateException of TaskCanceledException, TaskCanceledException, TaskCanceledException
does not answer, 0 retries: TaskCanceledException'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
