using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Hosting.Telemetry;
using Sclip.Testing.Servers;

namespace Sclip.Hosting.Tests.Telemetry;

public class PrometheusTests
{
    private const string Awkward = "a \"quoted\" \\ back\\slash,\nnew line, {braces}=, Größe 図形 🖼";

    /// <summary>Promtool's exit code where a page can be read but could be better.</summary>
    private const int LintFound = 3;

    [Fact]
    public async Task Prometheus_reads_counters_gauges_and_histograms()
    {
        using var meter = new Meter(SclipTelemetry.Name);
        await using var host = await RunningHost.StartAsync();
        meter.CreateCounter<long>("test.pictures", "{image}", "Pictures.").Add(3, Tag("sclip.status", "ok"));
        meter.CreateUpDownCounter<long>("test.in_flight", "{shard}").Add(-2);
        meter.CreateGauge<double>("test.fill", "1").Record(0.25);
        var duration = meter.CreateHistogram("test.duration", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 1, 10] });
        foreach (var seconds in new[] { 0.5, 0.75, 2, 60 })
            duration.Record(seconds, Tag("sclip.stage", "decode"));

        await using var prometheus = PrometheusServer.Start(host.Address);
        await prometheus.ValueAsync("up", "1");
        await prometheus.ValueAsync("""test_pictures_total{sclip_status="ok",otel_scope_name="Sclip"}""", "3");
        await prometheus.ValueAsync("test_in_flight", "-2");
        await prometheus.ValueAsync("test_fill", "0.25");
        foreach (var (bound, count) in new[] { ("0.001", "0"), ("1.0", "2"), ("10.0", "3"), ("+Inf", "4") })
            await prometheus.ValueAsync($$"""test_duration_seconds_bucket{sclip_stage="decode",le="{{bound}}"}""", count);
        await prometheus.ValueAsync("test_duration_seconds_sum", "63.25");
        await prometheus.ValueAsync("test_duration_seconds_count", "4");
        await prometheus.ValueAsync($$"""target_info{service_name="sclip-test",service_version="{{RunningHost.Version}}"}""", "1");
        await prometheus.ValueAsync("""count({__name__="dotnet_gc_collections_total",gc_heap_generation="gen0"})""", "1");

        meter.CreateCounter<long>("test.later").Add(1);
        await prometheus.ValueAsync("test_later_total", "1");
    }

    [Fact]
    public async Task Prometheus_reads_every_letter_of_a_label()
    {
        using var meter = new Meter(SclipTelemetry.Name);
        await using var host = await RunningHost.StartAsync();
        meter.CreateCounter<long>("test.awkward").Add(1, Tag("the reason", Awkward), Tag("a.b", "first"), Tag("a-b", "second"), Tag("empty", null), Tag("0", true));

        await using var prometheus = PrometheusServer.Start(host.Address);
        var (_, labels) = await prometheus.ValueAsync("test_awkward_total", "1");
        Assert.Equal(Awkward, (string?)labels["the_reason"]);
        Assert.Equal("second;first", (string?)labels["a_b"]);
        Assert.Equal("true", (string?)labels["_0"]);
        Assert.False(labels.ContainsKey("empty"));
        // Prometheus would take a bare line break too; other readers of the format would not.
        Assert.Contains("""the_reason="a \"quoted\" \\ back\\slash,\nnew line,""", await host.ScrapeAsync());
    }

    [Fact]
    public async Task Prometheus_reads_numbers_that_are_none()
    {
        using var meter = new Meter(SclipTelemetry.Name);
        await using var host = await RunningHost.StartAsync();
        (double Value, string Read)[] numbers = [(double.NaN, "NaN"), (double.PositiveInfinity, "+Inf"), (double.NegativeInfinity, "-Inf"), (1e-300, "1e-300"), (double.MaxValue, "1.7976931348623157e+308")];
        foreach (var (value, read) in numbers)
            meter.CreateGauge<double>("test.number").Record(value, Tag("of", read));

        await using var prometheus = PrometheusServer.Start(host.Address);
        foreach (var (_, read) in numbers)
            await prometheus.ValueAsync($$"""test_number{of="{{read}}"}""", read);
    }

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_our_own_metrics()
    {
        await using var host = await RunningHost.StartAsync();
        SclipTelemetry.Images.Add(1, Tag("sclip.status", "ok"));
        SclipTelemetry.Windows.Add(1);
        SclipTelemetry.StageDuration.Record(0.1, Tag("sclip.stage", "decode"));
        SclipTelemetry.BatchFill.Record(4);
        SclipTelemetry.ShardAge.Record(1);
        SclipTelemetry.ShardDuration.Record(1);
        SclipTelemetry.Shards.Add(1, Tag("sclip.outcome", "committed"));
        SclipTelemetry.Redeliveries.Add(1);
        SclipTelemetry.InFlight.Add(1);
        await host.Client.GetStringAsync("/pictures/cat");
        var page = await host.ScrapeAsync();

        using var promtool = Tool.Start("promtool", "check", "metrics");
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        // The runtime's and the process' own names for numbers of things; the count of a histogram is what promtool takes them for.
        Assert.All(
            complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            complaint => Assert.Matches("^(dotnet|process)_[a-z_]+_count non-histogram and non-summary metrics should not have \"_count\" suffix$", complaint));
        Assert.Equal(complaints.Length == 0 ? 0 : LintFound, promtool.ExitCode);
    }

    [Fact]
    public async Task What_a_GPU_engine_measures_is_on_the_page_under_the_names_that_dashboards_ask_for()
    {
        using var meter = new Meter(SclipTelemetry.DeviceName);
        await using var host = await RunningHost.StartAsync();
        KeyValuePair<string, object?>[] device = [Tag("hw.id", "cuda:0"), Tag("hw.name", "NVIDIA H200")];
        meter.CreateObservableUpDownCounter("hw.gpu.memory.usage", () => new Measurement<long>(7, device), "By");
        meter.CreateObservableUpDownCounter("hw.gpu.memory.limit", () => new Measurement<long>(9, device), "By");
        meter.CreateHistogram<double>("sclip.device.batch.fill", "1").Record(0.5, device);
        meter.CreateHistogram<double>("sclip.device.stage.duration", "s").Record(0.25, [.. device, Tag("sclip.stage", "vision")]);
        var page = await host.ScrapeAsync();
        foreach (var (name, stage, value) in new[]
        {
            ("hw_gpu_memory_usage_bytes", "", "7"), ("hw_gpu_memory_limit_bytes", "", "9"), ("sclip_device_batch_fill_sum", "", "0.5"), ("sclip_device_batch_fill_count", "", "1"),
            ("sclip_device_stage_duration_seconds_sum", ",sclip_stage=\"vision\"", "0.25"),
        })
            Assert.Contains($"{name}{{otel_scope_name=\"{SclipTelemetry.DeviceName}\",hw_id=\"cuda:0\",hw_name=\"NVIDIA H200\"{stage}}} {value}\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_which_format_it_is()
    {
        await using var host = await RunningHost.StartAsync();
        using var answer = await host.Client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Who_asks_for_OpenMetrics_gets_the_same_names_in_it()
    {
        await using var host = await RunningHost.StartAsync();
        SclipTelemetry.Windows.Add(1);
        SclipTelemetry.StageDuration.Record(0.1, Tag("sclip.stage", "decode"));
        using var question = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Accept = { new("application/openmetrics-text") } } };
        using var answer = await host.Client.SendAsync(question);
        Assert.Equal("application/openmetrics-text", answer.Content.Headers.ContentType?.MediaType);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.EndsWith("# EOF\n", page);
        foreach (var name in new[] { "sclip_windows_total", "sclip_stage_duration_seconds_sum", "sclip_stage_duration_seconds_bucket", "dotnet_gc_collections_total", "target_info" })
            Assert.Contains($"\n{name}{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_each_get_a_whole_page()
    {
        await using var host = await RunningHost.StartAsync();
        SclipTelemetry.Windows.Add(1);
        var pages = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => host.ScrapeAsync()));
        Assert.All(pages, page => Assert.Single(page.Split('\n'), line => line.StartsWith("sclip_windows_total{", StringComparison.Ordinal)));
        Assert.All(pages, page => Assert.Single(page.Split('\n'), line => line.StartsWith("target_info{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_series_of_a_gauge_that_is_measured_no_more_is_gone_at_the_next_scrape()
    {
        var jobs = new[] { "first", "second" };
        using var meter = new Meter(SclipTelemetry.Name);
        await using var host = await RunningHost.StartAsync();
        meter.CreateObservableGauge("test.job.images", () => jobs.Select(job => new Measurement<long>(1, Tag("sclip.job", job))));
        Assert.Equal(jobs, Jobs(await host.ScrapeAsync()));
        jobs = ["second"];
        Assert.Equal(jobs, Jobs(await host.ScrapeAsync()));
        jobs = ["second", "third"];
        Assert.Equal(jobs, Jobs(await host.ScrapeAsync()));
        jobs = [];
        Assert.Empty(Jobs(await host.ScrapeAsync()));

        static IEnumerable<string> Jobs(string page) =>
            page.Split('\n').Where(line => line.StartsWith("test_job_images{", StringComparison.Ordinal)).Select(line => line.Split("sclip_job=\"")[1].Split('"')[0]);
    }

    [Fact]
    public async Task Metrics_of_one_name_from_two_meters_are_one_family()
    {
        using var first = new Meter(SclipTelemetry.Name);
        using var second = new Meter("MassTransit", "8");
        await using var host = await RunningHost.StartAsync();
        first.CreateCounter<long>("test.same").Add(1);
        second.CreateCounter<long>("test.same").Add(2);
        var lines = (await host.ScrapeAsync()).Split('\n').Where(line => line.Contains("test_same", StringComparison.Ordinal));
        Assert.Equal(
            [
                "# TYPE test_same_total counter",
                """test_same_total{otel_scope_name="MassTransit",otel_scope_version="8"} 2""",
                """test_same_total{otel_scope_name="Sclip"} 1""",
            ],
            lines);
    }

    [Fact]
    public async Task Requests_are_counted_and_probes_are_not()
    {
        await using var host = await RunningHost.StartAsync();
        foreach (var path in new[] { "/healthz/live", "/healthz/ready", "/metrics", "/pictures/cat" })
            await host.Client.GetStringAsync(path);
        var line = Assert.Single((await host.ScrapeAsync()).Split('\n'), line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal));
        Assert.Contains("http_route=\"/pictures/{name}\"", line);
    }

    [Fact]
    public async Task A_host_that_is_asked_is_a_series_and_not_each_of_its_addresses_and_paths()
    {
        await using var host = await RunningHost.StartAsync();
        foreach (var picture in new[] { "cat", "dog" })
            await host.Client.GetStringAsync($"/pictures/{picture}");
        var lines = (await host.ScrapeAsync()).Split('\n').Where(line => line.StartsWith("http_client_", StringComparison.Ordinal)).ToArray();
        Assert.Contains(lines, line => line.StartsWith("http_client_request_duration_seconds_count{", StringComparison.Ordinal) && line.Contains($"server_port=\"{host.Address.Port}\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("http_client_open_connections{", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotMatch("network_peer_address|/pictures", line));
    }

    private static KeyValuePair<string, object?> Tag(string key, object? value) => new(key, value);
}
