#!/usr/bin/env bash
# Azure.Storage.Blobs 12.30.1: the client sends a request again where its answer was lost, also an upload with a condition. What was lost may be the answer to
# an upload that the service has done; the second one then meets the blob that the first has written, and the caller is told that somebody else was
# quicker: 409 BlobAlreadyExists for a new blob, 412 ConditionNotMet for a replaced one. Whoever takes that for a lost race gives up a write that is
# there. Here a policy loses one answer of each upload; the blob is the caller's own all the same. Shown on Azurite 3.37.0 (npm). Fails where it
# is otherwise.
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
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

var lost = new LostAnswers();
var options = new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(10) } };
options.AddPolicy(lost, HttpPipelinePosition.PerRetry);
var container = new BlobContainerClient($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:{args[0]}/devstoreaccount1;", "photos", options);
await container.CreateIfNotExistsAsync();
var blob = container.GetBlobClient("picture");
await WriteAsync("first", new BlobRequestConditions { IfNoneMatch = ETag.All });
await WriteAsync("second", new BlobRequestConditions { IfMatch = (await blob.GetPropertiesAsync()).Value.ETag });

async Task WriteAsync(string content, BlobRequestConditions conditions)
{
    lost.Left = 1;
    string told;
    try
    {
        told = $"{(await blob.UploadAsync(BinaryData.FromString(content), new BlobUploadOptions { Conditions = conditions })).GetRawResponse().Status}";
    }
    catch (RequestFailedException error)
    {
        told = $"{error.Status} {error.ErrorCode}";
    }
    Console.WriteLine($"{content}: {told}, and the blob is '{(await blob.DownloadContentAsync()).Value.Content}'");
}

class LostAnswers : HttpPipelineSynchronousPolicy
{
    public int Left;

    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.Request.Method == RequestMethod.Put && Left-- > 0)
            throw new IOException("The connection was closed before the answer.");
    }
}
CS
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
node_modules/.bin/azurite-blob --silent --skipApiVersionCheck --disableTelemetry --location "$folder/blobs" --blobPort "$port" >azurite.log 2>&1 &
dotnet build app -c Release -v quiet --nologo -o out >build.log 2>&1 || { cat build.log; exit 1; }
for _ in $(seq 240); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.5; done
output=$(dotnet out/app.dll "$port")
echo "$output"
expected="first: 409 BlobAlreadyExists, and the blob is 'first'
second: 412 ConditionNotMet, and the blob is 'second'"
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
