#!/usr/bin/env bash
# OpenTelemetry 1.20.1: instruments of one name on meters of one name are one metric, though each meter is an object of its own: a service that is there twice in a
# process, say, with a meter each. Where one of the meters is disposed of, the page has the metrics once more and then never again, whatever the
# other one goes on to count and observe. No exception tells so. Where the meters differ by a tag, each has a metric of its own, and it stays. Prints
# what the Prometheus exporter 1.20.1-beta.1 has before and after; fails where it is otherwise.
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

await ShowAsync("alike", "same", "same");
await ShowAsync("with tags", "one", "two");

static async Task ShowAsync(string what, string first, string second)
{
    var builder = WebApplication.CreateBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("jobs").AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
    await using var app = builder.Build();
    app.MapPrometheusScrapingEndpoint();
    await app.StartAsync();
    using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    using var other = Make(second, 2, out var counter);
    using (Make(first, 1, out _))
        await ScrapeAsync("both");
    for (var scrape = 1; scrape <= 3; scrape++)
    {
        counter.Add(10);
        await ScrapeAsync($"scrape {scrape} after the end of one");
    }

    async Task ScrapeAsync(string when)
    {
        var lines = (await client.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("done") || line.StartsWith("waiting"));
        var shown = string.Join("; ", lines.Select(line => $"{line[..line.IndexOf('{')]} {line[(line.IndexOf('}') + 2)..]}").Order());
        Console.WriteLine($"{what}, {when}: {(shown.Length == 0 ? "nothing" : shown)}");
    }
}

static Meter Make(string tag, int number, out Counter<int> counter)
{
    var meter = new Meter(new MeterOptions("jobs") { Tags = [new("part", tag)] });
    meter.CreateObservableGauge("waiting", () => new Measurement<int>(number, new KeyValuePair<string, object?>("queue", number)));
    counter = meter.CreateCounter<int>("done");
    counter.Add(number);
    return meter;
}
CS
output=$(dotnet run --verbosity quiet)
echo "$output"
expected='alike, both: done_total 3; waiting 1; waiting 2
alike, scrape 1 after the end of one: done_total 13; waiting 2
alike, scrape 2 after the end of one: nothing
alike, scrape 3 after the end of one: nothing
with tags, both: done_total 1; done_total 2; waiting 1; waiting 2
with tags, scrape 1 after the end of one: done_total 1; done_total 12; waiting 2
with tags, scrape 2 after the end of one: done_total 22; waiting 2
with tags, scrape 3 after the end of one: done_total 32; waiting 2'
[ "$output" = "$expected" ] || { echo "Another behaviour than was seen." >&2; exit 10; }
