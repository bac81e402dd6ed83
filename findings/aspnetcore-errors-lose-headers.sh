#!/usr/bin/env bash
# ASP.NET Core 10.0.12: UseExceptionHandler clears all headers of the answer before it writes the error, also those that a middleware in front of it has set for
# every answer (a Content-Security-Policy, say). Refusals that are no exceptions keep them, so that 404 and 500 differ. What is set in OnStarting is
# in both. Prints the headers of three answers; fails where they are others.
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
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddProblemDetails();
await using var app = builder.Build();
app.Use((context, next) =>
{
    context.Response.Headers["X-At-Once"] = "1";
    context.Response.OnStarting(() =>
    {
        context.Response.Headers["X-On-Starting"] = "1";
        return Task.CompletedTask;
    });
    return next(context);
});
app.UseExceptionHandler();
app.MapGet("/fine", () => "");
app.MapGet("/fails", string () => throw new InvalidOperationException());
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
foreach (var path in (string[])["/fine", "/unknown", "/fails"])
{
    using var answer = await client.GetAsync(path);
    Console.WriteLine($"{path} {(int)answer.StatusCode}: {string.Join(", ", answer.Headers.Select(header => header.Key).Where(name => name.StartsWith("X-")).Order())}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='/fine 200: X-At-Once, X-On-Starting
/unknown 404: X-At-Once, X-On-Starting
/fails 500: X-On-Starting'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
