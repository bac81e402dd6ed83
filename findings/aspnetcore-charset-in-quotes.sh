#!/usr/bin/env bash
# ASP.NET Core 10.0.12: an endpoint that takes a body in JSON answers 500, an error of its own, where the Content-Type names the charset in quotation marks
# (charset="utf-8", as RFC 9110 says it may be written) or by another name than .NET has for it. The reader throws InvalidOperationException and not
# BadHttpRequestException, so that what clients send counts among the service's own failures. A Content-Type that is no JSON at all is answered by 415.
# Prints the answer to each Content-Type; fails where it is otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR=$folder NUGET_PACKAGES=$folder/packages NuGetAudit=false
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
cat >app.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
    <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
    <SelfContained>true</SelfContained>
  </PropertyGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Text;

var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using var app = builder.Build();
app.MapPost("/", (Picture picture) => picture.Name);
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
foreach (var type in (string[])["application/json", "application/json; charset=utf-8", "application/json; charset=\"utf-8\"", "application/json; charset=utf8", "text/plain"])
{
    using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"name": "cat"}"""));
    content.Headers.TryAddWithoutValidation("Content-Type", type);
    using var answer = await client.PostAsync("/", content);
    Console.WriteLine($"{type}: {(int)answer.StatusCode}");
}

record Picture(string Name);
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='application/json: 200
application/json; charset=utf-8: 200
application/json; charset="utf-8": 500
application/json; charset=utf8: 500
text/plain: 415'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
