using MassTransit;
using Microsoft.Extensions.Logging;
using Sclip.Hosting.Messaging;

namespace Sclip.Worker.Shards;

/// <summary>
/// Where retries at once were in vain, lets a message wait in a queue whose messages expire back into the one they came from: no plugin
/// is needed for it. After so many times the message goes on to the error queue, with the reason.
/// </summary>
internal sealed partial class LateRedelivery(string queue, BrokerOptions options, ILogger logger)
{
    private const string CountHeader = "sclip-late-redeliveries";

    // A lost broker is not waited for: the message is in its queue still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private string LateQueue => ShardQueues.LateOf(queue, options);

    /// <summary>Runs a delivery.</summary>
    public async Task SendAsync<T>(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
        where T : class
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception error) when (IsTransient(error) && CountOf(context) < options.LateRedeliveries)
        {
            var count = CountOf(context) + 1;
            LogLater(queue, options.LateSeconds, count, options.LateRedeliveries, error.Message);
            var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{LateQueue}"));
            using var limit = new CancellationTokenSource(Patience);
            await endpoint.Send(context.Message, send => send.Headers.Set(CountHeader, count), limit.Token).WaitAsync(limit.Token);
            // It is done with here: the bus moves what nobody says to have consumed to the queue of skipped messages.
            await context.NotifyConsumed(context, context.ReceiveContext.ElapsedTime, nameof(LateRedelivery));
        }
    }

    private static int CountOf(ConsumeContext context) => context.Headers.Get<int>(CountHeader) ?? 0;

    private static bool IsTransient(Exception error) => error is not UnusableShardException;

    [LoggerMessage(10, LogLevel.Warning, "A delivery from {Queue} failed and is tried again in {Seconds} s ({Count} of {Most}): {Reason}")]
    private partial void LogLater(string queue, int seconds, int count, int most, string reason);
}
