#!/usr/bin/env bash
# Azurite 3.37.0 (npm): a blob whose upload was answered by 201, and which could be read, is not there any more where Azurite is killed right afterwards and
# started anew on the same folder: its list of blobs is written only every few seconds. The container, which it has written, is there. Ended by
# SIGTERM, Azurite keeps the blob. So tests that kill the emulator, or its container, as one kills a store see losses that the service does not have.
# Shown with Azure.Storage.Blobs 12.30.1. Prints what there is before and after; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
npm install --silent --no-audit --no-fund azurite@3.37.0 >/dev/null
mkdir app
cat >app/app.csproj <<'XML'
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
cat >app/Program.cs <<'CS'
using System.Diagnostics;
using Azure.Storage.Blobs;

var (port, name) = (args[0], args[1]);
var container = new BlobContainerClient($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;", name);
var blob = container.GetBlobClient("picture");
if (args is [_, _, var signal, var process])
{
    await container.CreateIfNotExistsAsync();
    // Once the container has been written, the next time is some seconds away.
    while (!File.Exists("blobs/__azurite_db_blob__.json") || !File.ReadAllText("blobs/__azurite_db_blob__.json").Contains(name))
        await Task.Delay(TimeSpan.FromMilliseconds(50));
    var upload = await blob.UploadAsync(BinaryData.FromString("pixels"));
    var isThere = (await blob.ExistsAsync()).Value;
    using var kill = Process.Start("kill", [$"-{signal}", process]);
    await kill.WaitForExitAsync();
    Console.WriteLine($"upload {upload.GetRawResponse().Status}, there: {isThere}");
    return;
}
Console.WriteLine($"started anew, container there: {(await container.ExistsAsync()).Value}, blob there: {(await blob.ExistsAsync()).Value}");
CS
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
start() {
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
    node_modules/.bin/azurite-blob --silent --skipApiVersionCheck --disableTelemetry --location "$folder/blobs" --blobPort "$port" >>azurite.log 2>&1 &
    azurite=$!
    for _ in $(seq 240); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.5; done
}
for signal in TERM KILL; do
    start
    said=$(dotnet out/app.dll "$port" "photos-${signal,,}" "$signal" "$azurite")
    echo "$signal: $said"
    wait "$azurite" 2>/dev/null || true
    start
    said=$(dotnet out/app.dll "$port" "photos-${signal,,}")
    echo "$signal: $said"
    kill "$azurite"
    wait "$azurite" || true
done >seen
output=$(cat seen)
echo "$output"
expected='TERM: upload 201, there: True
TERM: started anew, container there: True, blob there: True
KILL: upload 201, there: True
KILL: started anew, container there: True, blob there: False'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
