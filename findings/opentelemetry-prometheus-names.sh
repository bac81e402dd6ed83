#!/usr/bin/env bash
# OpenTelemetry's Prometheus exporter for ASP.NET Core 1.20.1-beta.1: instruments whose names are the same once dots are underscores, and _total is behind counters.
# Two of one kind ("queue.length" and "queue_length") become the same series, there twice with two values, which is no valid page. Two of different kinds
# ("jobs.done", a counter, and "jobs.done.total", a histogram) are both missing from the page in Prometheus' text format, also the one that was there first;
# in OpenMetrics both are there. No exception tells so. Prints the lines of each page; fails where they are others.
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
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenTelemetry.Extensions.Hosting" Version="[1.20.1]" />
    <PackageReference Include="OpenTelemetry.Exporter.Prometheus.AspNetCore" Version="[1.20.1-beta.1]" />
  </ItemGroup>
</Project>
XML
cat >Program.cs <<'CS'
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

using var meter = new Meter("jobs");
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("jobs").AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
await using var app = builder.Build();
app.MapPrometheusScrapingEndpoint();
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
meter.CreateObservableGauge("queue.length", () => 1);
meter.CreateObservableGauge("queue_length", () => 2);
meter.CreateCounter<int>("jobs.done").Add(3);
await ShowAsync("text", "text/plain");
meter.CreateHistogram<double>("jobs.done.total").Record(4);
await ShowAsync("text, with the histogram", "text/plain");
await ShowAsync("OpenMetrics, with the histogram", "application/openmetrics-text");

async Task ShowAsync(string what, string type)
{
    using var question = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Accept = { new(type) } } };
    using var answer = await client.SendAsync(question);
    var lines = (await answer.Content.ReadAsStringAsync()).Split('\n').Where(line => (line.StartsWith("queue") || line.StartsWith("jobs")) && !line.Contains("_bucket") && !line.Contains("_created"));
    Console.WriteLine($"{what}: {string.Join("; ", lines.Select(line => $"{line[..line.IndexOf('{')]} {line[(line.IndexOf('}') + 2)..].Split(' ')[0]}"))}");
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='text: jobs_done_total 3; queue_length 1; queue_length 2
text, with the histogram: queue_length 1; queue_length 2
OpenMetrics, with the histogram: jobs_done_total 3; jobs_done_total_sum 4; jobs_done_total_count 1; queue_length 1; queue_length 2'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
