#!/usr/bin/env bash
# Azure.Storage.Blobs 12.30.1: BlockBlobClient.OpenWriteAsync empties a blob that is there at once, and its stream makes a blob of what was written so far when
# it is disposed of, also where the writer threw in the middle: "await using" leaves half a blob that looks whole, and the good one of that name is
# gone either way. Shown on Azurite 3.37.0 (npm) by a blob of 1,000 bytes and a writer that fails after 100. Prints how long the blob is at each
# step; fails where it is otherwise.
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
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

var container = new BlobContainerClient($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:{args[0]}/devstoreaccount1;", "photos");
await container.CreateIfNotExistsAsync();
var blob = container.GetBlockBlobClient("picture");
await blob.UploadAsync(new MemoryStream(new byte[1000]));
await ShowAsync("before");
var stream = await blob.OpenWriteAsync(overwrite: true);
await ShowAsync("once a stream is open");
try
{
    await using (stream)
    {
        await stream.WriteAsync(new byte[100]);
        throw new IOException("The writer fails.");
    }
}
catch (IOException)
{
    await ShowAsync("after a writer that failed");
}

async Task ShowAsync(string when) => Console.WriteLine($"{when}: {(await blob.GetPropertiesAsync()).Value.ContentLength} bytes");
CS
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
node_modules/.bin/azurite-blob --silent --skipApiVersionCheck --disableTelemetry --location "$folder/blobs" --blobPort "$port" >azurite.log 2>&1 &
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
for _ in $(seq 240); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.5; done
output=$(dotnet out/app.dll "$port")
echo "$output"
expected='before: 1000 bytes
once a stream is open: 0 bytes
after a writer that failed: 100 bytes'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
