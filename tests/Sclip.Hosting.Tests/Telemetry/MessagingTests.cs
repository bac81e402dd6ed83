using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Sclip.Hosting.Telemetry;
using Sclip.Testing.Otlp;

namespace Sclip.Hosting.Tests.Telemetry;

public class MessagingTests
{
    [Fact]
    public async Task A_trace_goes_on_through_the_broker_and_the_broker_is_measured_and_part_of_readiness()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.HttpEndpoint, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" };
        var delivered = new TaskCompletionSource();
        string page, ready;
        await using (var host = await RunningHost.StartAsync(settings, services => services.AddSingleton(delivered).AddMassTransit(bus =>
        {
            bus.AddConsumer<ShardConsumer>();
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        })))
        {
            Activity.Current = null;
            using (SclipTelemetry.Source.StartActivity("submit"))
                await host.Services.GetRequiredService<IBus>().Publish(new ShardMessage { Number = 1 });
            await delivered.Task.WaitAsync(TimeSpan.FromMinutes(1));
            page = await host.ScrapeAsync();
            ready = await host.Client.GetStringAsync("/healthz/ready");
            await host.StopAsync();
        }
        var submit = Assert.Single(collector.Spans, span => span.Name == "submit");
        var shard = Assert.Single(collector.Spans, span => span.Name == "shard");
        Assert.Equal(submit.TraceId, shard.TraceId);
        var spans = collector.Spans.ToDictionary(span => span.SpanId);
        var ancestor = shard;
        while (ancestor.ParentId != "")
            ancestor = spans[ancestor.ParentId];
        Assert.Equal(submit.SpanId, ancestor.SpanId);
        Assert.Equal("""{"status":"healthy","parts":{"masstransit-bus":{"status":"healthy"}}}""", ready);
        Assert.Contains("messaging_masstransit_send_", page);
    }

    public sealed record ShardMessage
    {
        public int Number { get; init; }
    }

    public sealed class ShardConsumer(TaskCompletionSource delivered) : IConsumer<ShardMessage>
    {
        public Task Consume(ConsumeContext<ShardMessage> context)
        {
            using (SclipTelemetry.Source.StartActivity("shard"))
                delivered.SetResult();
            return Task.CompletedTask;
        }
    }
}
