#!/usr/bin/env bash
# ASP.NET Core 10.0.12: the answer of TypedResults.ServerSentEvents begins with its first event, not with the request: until then the client has neither status
# nor headers, as if the service did not answer. A client or proxy with a limit on the time to the headers gives up a stream on which nothing has
# happened yet. Where a handler writes the stream itself and flushes the answer first, it begins at once. Prints whether the headers come within ten
# seconds in which nothing happens, and what comes in the end; fails where it is otherwise.
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
await using var app = builder.Build();
TaskCompletionSource happens = new();
app.MapGet("/by-the-result", () => TypedResults.ServerSentEvents(EventsAsync()));
app.MapGet("/by-hand", async (HttpResponse response) =>
{
    response.ContentType = "text/event-stream";
    await response.Body.FlushAsync();
    await foreach (var text in EventsAsync())
        await response.WriteAsync($"data: {text}\n\n");
});
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
foreach (var path in (string[])["/by-the-result", "/by-hand"])
{
    happens = new();
    var request = client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
    var isEarly = await Task.WhenAny(request, Task.Delay(TimeSpan.FromSeconds(10))) == request;
    happens.SetResult();
    using var answer = await request;
    using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
    Console.WriteLine($"{path}: headers before the first event: {isEarly}; {(int)answer.StatusCode} {answer.Content.Headers.ContentType}, {await reader.ReadLineAsync()}");
}

async IAsyncEnumerable<string> EventsAsync()
{
    await happens.Task;
    yield return "it happens";
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='/by-the-result: headers before the first event: False; 200 text/event-stream, data: it happens
/by-hand: headers before the first event: True; 200 text/event-stream, data: it happens'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
