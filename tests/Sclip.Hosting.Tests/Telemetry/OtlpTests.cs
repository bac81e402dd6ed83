using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Telemetry;
using Sclip.Testing.Otlp;

namespace Sclip.Hosting.Tests.Telemetry;

public class OtlpTests
{
    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Spans_metrics_and_logs_reach_a_collector_before_the_host_has_stopped(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var host = await RunningHost.StartAsync(To(collector, protocol)))
        {
            SclipTelemetry.Windows.Add(1);
            host.Logger.LogInformation("A line of {Count} words", 5);
            Work();
            await host.StopAsync();
        }
        Assert.Equal(["decode", "shard"], collector.Spans.Select(span => span.Name).Order());
        Assert.Contains("sclip.windows", collector.Metrics);
        Assert.Contains("dotnet.gc.collections", collector.Metrics);
        Assert.Contains("A line of 5 words", collector.Logs);
    }

    [Fact]
    public async Task A_span_knows_its_parent_its_attributes_and_its_process()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var host = await RunningHost.StartAsync(To(collector)))
        {
            Work();
            await host.StopAsync();
        }
        var shard = Assert.Single(collector.Spans, span => span.Name == "shard");
        var decode = Assert.Single(collector.Spans, span => span.Name == "decode");
        Assert.Equal("", shard.ParentId);
        Assert.Equal(shard.SpanId, decode.ParentId);
        Assert.Equal(shard.TraceId, decode.TraceId);
        Assert.Equal(7L, shard.Attributes["sclip.shard"]);
        Assert.Equal("Sclip", shard.Source);
        Assert.Equal("sclip-test", shard.Service);
        Assert.Equal(RunningHost.Version, shard.Resource["service.version"]);
        Assert.True(Guid.TryParse((string?)shard.Resource["service.instance.id"], out _));
    }

    [Fact]
    public async Task The_environments_name_and_attributes_of_the_process_win()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = To(collector);
        settings["OTEL_SERVICE_NAME"] = "night-shift";
        settings["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id=pod-3,deployment.environment.name=test";
        await using (var host = await RunningHost.StartAsync(settings))
        {
            Work();
            await host.StopAsync();
        }
        Assert.All(collector.Spans, span => Assert.Equal("night-shift", span.Service));
        Assert.All(collector.Spans, span => Assert.Equal("pod-3", span.Resource["service.instance.id"]));
        Assert.All(collector.Spans, span => Assert.Equal("test", span.Resource["deployment.environment.name"]));
    }

    [Fact]
    public async Task An_endpoint_of_one_signal_is_taken_as_it_is_and_turns_only_that_one_on()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var host = await RunningHost.StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = collector.HttpEndpoint + "/tenant/traces",
            ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-tenant=blue",
        }))
        {
            Work();
            SclipTelemetry.Windows.Add(1);
            await host.StopAsync();
        }
        var (path, headers) = Assert.Single(collector.Requests);
        Assert.Equal("/tenant/traces", path);
        Assert.Equal("blue", headers["x-tenant"]);
    }

    [Theory]
    [InlineData("OTEL_TRACES_SAMPLER", "always_off")]
    [InlineData("OTEL_TRACES_EXPORTER", "none")]
    public async Task Traces_can_be_turned_off_alone(string variable, string value)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = To(collector);
        settings[variable] = value;
        await using (var host = await RunningHost.StartAsync(settings))
        {
            Work();
            SclipTelemetry.Windows.Add(1);
            await host.StopAsync();
        }
        Assert.Empty(collector.Spans);
        Assert.Contains("sclip.windows", collector.Metrics);
    }

    [Fact]
    public async Task A_request_is_traced_with_its_route_and_a_probe_is_not()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var host = await RunningHost.StartAsync(To(collector)))
        {
            foreach (var path in new[] { "/healthz/live", "/healthz/ready", "/metrics", "/pictures/cat" })
                await host.Client.GetStringAsync(path);
            await host.StopAsync();
        }
        var request = Assert.Single(collector.Spans);
        Assert.Equal("Microsoft.AspNetCore", request.Source);
        Assert.Equal("GET /pictures/{name}", request.Name);
        Assert.Equal("GET", request.Attributes["http.request.method"]);
        Assert.Equal("/pictures/{name}", request.Attributes["http.route"]);
        Assert.Equal(200L, request.Attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task A_request_that_fails_has_a_span_that_says_why()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var host = await RunningHost.StartAsync(To(collector)))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await host.Client.GetAsync("/fails")).StatusCode);
            await host.StopAsync();
        }
        var request = Assert.Single(collector.Spans);
        Assert.Equal("GET /fails", request.Name);
        Assert.Equal(OtlpSpan.Error, request.Status);
        Assert.Equal("System.IO.InvalidDataException", request.Attributes["error.type"]);
    }

    [Fact]
    public async Task Without_an_endpoint_no_span_is_even_made()
    {
        await using var host = await RunningHost.StartAsync();
        Assert.False(SclipTelemetry.Source.HasListeners());
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task A_collector_that_never_answers_does_not_keep_the_host_from_stopping(string protocol)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await StopAgainst($"http://{silent.LocalEndpoint}", protocol);
    }

    [Fact]
    public async Task A_collector_that_is_not_there_does_not_keep_the_host_from_stopping()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var address = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        await StopAgainst(address, "http/protobuf");
    }

    [Fact]
    public async Task A_disabled_sdk_collects_nothing_and_says_so()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = To(collector);
        settings["OTEL_SDK_DISABLED"] = "true";
        await using (var host = await RunningHost.StartAsync(settings))
        {
            Assert.False(SclipTelemetry.Source.HasListeners());
            Assert.False(SclipTelemetry.Windows.Enabled);
            var answer = await host.Client.GetAsync("/metrics");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("OTEL_SDK_DISABLED", await answer.Content.ReadAsStringAsync());
            await host.StopAsync();
        }
        Assert.Empty(collector.Requests);
    }

    [Theory]
    [InlineData("ENDPOINT", "collector:4318")]
    [InlineData("PROTOCOL", "http")]
    [InlineData("TRACES_ENDPOINT", "collector:4318")]
    [InlineData("METRICS_PROTOCOL", "http/json")]
    [InlineData("LOGS_TIMEOUT", "soon")]
    [InlineData("TRACES_COMPRESSION", "zip")]
    public async Task A_value_that_cannot_be_meant_stops_the_start_with_its_variables_name(string setting, string value)
    {
        var variable = "OTEL_EXPORTER_OTLP_" + setting;
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            RunningHost.StartAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9", [variable] = value }));
        Assert.Contains($"{variable} is '{value}'", error.Message);
    }

    private static Dictionary<string, string?> To(OtlpReceiver collector, string protocol = "http/protobuf") => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = protocol == "grpc" ? collector.GrpcEndpoint : collector.HttpEndpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
    };

    private static void Work()
    {
        Activity.Current = null;
        using var shard = SclipTelemetry.Source.StartActivity("shard");
        shard?.SetTag("sclip.shard", 7);
        using var decode = SclipTelemetry.Source.StartActivity("decode");
    }

    private static async Task StopAgainst(string address, string protocol)
    {
        var host = await RunningHost.StartAsync(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol });
        host.Logger.LogInformation("A line");
        Work();
        // The limit is there to tell a stop that takes long from one that hangs.
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
