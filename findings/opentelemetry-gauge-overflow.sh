#!/usr/bin/env bash
# OpenTelemetry 1.20.1 with the Prometheus exporter 1.20.1-beta.1: an observable gauge that reports other series at each scrape (jobs, say, that
# come and go) shows only those of now, so the old ones look forgotten. They are not: each keeps its place, and after 2,000 different ones in
# all, new series are added up in one of otel_metric_overflow="true", though never more than one is reported at a time. Prints what the page has
# each time that this changes; fails where it is otherwise.
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
    <Nullable>enable</Nullable>
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

var job = 0;
using var meter = new Meter("jobs");
meter.CreateObservableGauge("job", () => new Measurement<int>(1, new KeyValuePair<string, object?>("id", job)));
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("jobs").AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
await using var app = builder.Build();
app.MapPrometheusScrapingEndpoint();
await app.StartAsync();
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
var before = "";
for (job = 1; job <= 3000; job++)
{
    var page = await client.GetStringAsync("/metrics");
    var now = string.Join("; ", page.Split('\n').Where(line => line.StartsWith("job{")).Select(line => line.Contains($"id=\"{job}\"") ? "its own" : line.Contains("otel_metric_overflow") ? "otel_metric_overflow" : line));
    if (now != before)
        Console.WriteLine($"from series {job} on: {now}");
    before = now;
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='from series 1 on: its own
from series 2001 on: otel_metric_overflow'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
