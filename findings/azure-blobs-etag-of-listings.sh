#!/usr/bin/env bash
# Azure.Storage.Blobs 12.30.1: the ETag of a blob in a listing is never equal to the ETag of the same blob by GetProperties, though the blob has not
# changed: the listing's has no quotation marks around it, the header's has, and Azure.ETag compares the texts. Both work as a condition. So a cache
# that compares what it kept by == finds every blob changed. ToString("H") is the same for both. Shown on Azurite 3.37.0 (npm). Fails where it is
# otherwise.
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
using Azure.Storage.Blobs.Models;

var container = new BlobContainerClient($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:{args[0]}/devstoreaccount1;", "photos");
await container.CreateIfNotExistsAsync();
var blob = container.GetBlobClient("picture");
await blob.UploadAsync(BinaryData.FromString("pixels"));
var header = (await blob.GetPropertiesAsync()).Value.ETag;
await foreach (var item in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, "picture", CancellationToken.None))
{
    var listed = item.Properties.ETag!.Value;
    Console.WriteLine($"the listing's has quotation marks: {listed.ToString().Contains('"')}, the header's: {header.ToString().Contains('"')}");
    Console.WriteLine($"equal: {listed == header}, as text for a header: {listed.ToString("H") == header.ToString("H")}");
    foreach (var (whose, tag) in new[] { ("listing", listed), ("header", header) })
    {
        var read = await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfMatch = tag } });
        Console.WriteLine($"read if it is still the {whose}'s: {read.GetRawResponse().Status}");
    }
}
CS
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
node_modules/.bin/azurite-blob --silent --skipApiVersionCheck --disableTelemetry --location "$folder/blobs" --blobPort "$port" >azurite.log 2>&1 &
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
for _ in $(seq 240); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.5; done
output=$(dotnet out/app.dll "$port")
echo "$output"
expected='the listing'"'"'s has quotation marks: False, the header'"'"'s: True
equal: False, as text for a header: True
read if it is still the listing'"'"'s: 200
read if it is still the header'"'"'s: 200'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
