using System.Net.ServerSentEvents;
using System.Text.Json;
using Sclip.Contracts;
using Sclip.Contracts.Board;

namespace Sclip.Dispatcher.Tests.Board;

/// <summary>Follows <c>/events</c> as a page does.</summary>
internal static class OverviewStream
{
    /// <summary>Reads overviews until one is as expected.</summary>
    public static async Task<Overview> UntilAsync(HttpClient client, string what, Func<Overview, bool> isReached)
    {
        using var limit = new CancellationTokenSource(JobFixture.Patience);
        var last = "no event";
        try
        {
            using var answer = await client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, limit.Token);
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(limit.Token)).EnumerateAsync(limit.Token))
            {
                Assert.Equal("overview", item.EventType);
                if (JsonSerializer.Deserialize(last = item.Data, Json.Default.Overview)! is var overview && isReached(overview))
                    return overview;
            }
        }
        catch (OperationCanceledException)
        {
            // Said below, with what was seen last.
        }
        throw new TimeoutException($"The overview did not come to say that {what}, but: {last}");
    }
}
