using Sclip.Testing.Otlp;

namespace Sclip.Dispatcher.Tests.Telemetry;

/// <summary>A job's spans, from the dispatcher and from the worker, which is another process.</summary>
public sealed class TraceTests(JobFixture fixture)
{
    private static readonly string[] Steps = ["submit", "plan", "shard", "fetch", "decode", "segment", "encode", "upload", "commit"];

    [Fact]
    public async Task One_job_is_one_connected_trace_from_submit_to_commit()
    {
        var request = JobFixture.Request($"{await fixture.ContainerAsync(3)}/set/");
        request["shard_size"] = 2;
        var id = await fixture.CompleteAsync(request);
        OtlpSpan[] trace = [];
        await fixture.Servers.Otlp.WaitAsync(receiver =>
        {
            if (receiver.Spans.FirstOrDefault(span => span.Name == "submit" && Equals(span.Attributes.GetValueOrDefault("sclip.job"), id)) is not { } submit)
                return false;
            // Another test's dispatcher in this process sends the same spans once more.
            trace = [.. receiver.Spans.Where(span => span.TraceId == submit.TraceId).DistinctBy(span => span.SpanId)];
            // Spans come when they end, those that hold others last.
            return Steps.All(step => Count(step) > 0) && Count("commit") >= 2 && Count("upload") >= 3
                && Told().All(span => span.Name == "submit" || trace.Any(parent => parent.SpanId == span.ParentId));
        });

        var spans = trace.ToDictionary(span => span.SpanId);
        var root = Assert.Single(trace, span => span.Name == "submit");
        foreach (var span in Told())
            Assert.True(LeadsTo(root, span), $"{span.Name} of {span.Service} does not lead to the submit.");
        Assert.Equal((1, 2, 3, 3, 3, 3, 2), (Count("plan"), Count("shard"), Count("fetch"), Count("decode"), Count("encode"), Count("upload"), Count("commit")));
        Assert.Equal("sclip-dispatcher", Assert.Single(trace, span => span.Name == "plan").Service);
        Assert.All(trace.Where(span => span.Name == "shard"), span => Assert.Equal("sclip-worker", span.Service));
        var messages = trace.Where(span => span.Source == "MassTransit").Select(span => span.Attributes.GetValueOrDefault("messaging.operation") as string ?? span.Name).ToArray();
        Assert.Contains(messages, name => name.Contains("send", StringComparison.Ordinal));
        Assert.Contains(messages, name => name.Contains("receive", StringComparison.Ordinal));
        // The stages have the time of their requests to the store, which have no spans of their own.
        Assert.DoesNotContain(trace, span => span.Source == "System.Net.Http");

        IEnumerable<OtlpSpan> Told() => trace.Where(span => Steps.Contains(span.Name) || span.Source == "MassTransit");

        int Count(string name) => trace.Count(span => span.Name == name);

        bool LeadsTo(OtlpSpan ancestor, OtlpSpan span)
        {
            for (var at = span; at is not null; at = spans.GetValueOrDefault(at.ParentId))
                if (at == ancestor)
                    return true;
            return false;
        }
    }
}
