using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Sclip.Hosting.Messaging;

namespace Sclip.Worker.Shards;

/// <summary>
/// Where retries at once were in vain, lets a message wait in a queue whose messages expire back into the one they came from: no plugin
/// is needed for it. After so many times the message goes on to the error queue, with the reason. A shard that cannot be begun, for its model is
/// not to be had, waits there too, as often as need be.
/// </summary>
/// <param name="options">How long a message waits, and how often.</param>
/// <param name="logger">Told of each.</param>
public sealed partial class LateRedelivery(BrokerOptions options, ILogger<LateRedelivery> logger)
{
    private const string CountHeader = "sclip-late-redeliveries";
    private const string WaitsHeader = "sclip-waits";
    private const string DraftHeader = "sclip-draft";
    private const int FirstWaitSeconds = 5;
    private const int LongestWaitSeconds = 60;

    // A lost broker is not waited for: the message is in its queue still.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Declares the queue of those that wait for a queue, and its exchange.</summary>
    internal async Task DeclareAsync(string queue, ChannelContext channel, CancellationToken cancellationToken)
    {
        var late = ShardQueues.LateOf(queue, options);
        await channel.ExchangeDeclare(late, ExchangeType.Fanout, durable: true, autoDelete: false, new Dictionary<string, object>(), cancellationToken);
        await channel.QueueDeclare(late, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object>
        {
            ["x-queue-type"] = "quorum",
            ["x-message-ttl"] = options.LateSeconds * 1000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = queue,
            // The copy must have arrived before the original goes.
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        }, cancellationToken);
        await channel.QueueBind(late, late, "", new Dictionary<string, object>(), cancellationToken);
    }

    /// <summary>Runs a delivery.</summary>
    internal async Task SendAsync<T>(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
        where T : class
    {
        try
        {
            await next.Send(context);
        }
        catch (Exception error) when (IsTransient(error) && CountOf(context) < options.LateRedeliveries)
        {
            var count = CountOf(context) + 1;
            LogLater(QueueOf(context), options.LateSeconds, count, options.LateRedeliveries, error.Message);
            await SendLaterAsync(context, send => send.Headers.Set(CountHeader, count));
            // It is done with here: the bus moves what nobody says to have consumed to the queue of skipped messages.
            await context.NotifyConsumed(context, context.ReceiveContext.ElapsedTime, nameof(LateRedelivery));
        }
    }

    /// <summary>
    /// Has a message delivered again after a while, longer each time, without an end: it has not failed, and what it waits for may be hours away.
    /// </summary>
    /// <param name="context">The delivery.</param>
    /// <param name="draft">The version of the shard's draft in another delivery's hands, where that is what it waits for.</param>
    internal Task PutBackAsync<T>(ConsumeContext<T> context, string? draft = null)
        where T : class
    {
        var waits = context.Headers.Get<int>(WaitsHeader) ?? 0;
        var seconds = Math.Min(Math.Min(FirstWaitSeconds << Math.Min(waits, 8), LongestWaitSeconds), options.LateSeconds);
        return SendLaterAsync(context, send =>
        {
            send.Headers.Set(CountHeader, CountOf(context));
            send.Headers.Set(WaitsHeader, waits + 1);
            send.TimeToLive = TimeSpan.FromSeconds(seconds);
            if (draft is not null)
                send.Headers.Set(DraftHeader, draft);
        });
    }

    /// <summary>The version of the draft that a message was put back for; null where it was not.</summary>
    internal static string? DraftOf(ConsumeContext context) => context.Headers.Get<string>(DraftHeader);

    private async Task SendLaterAsync<T>(ConsumeContext<T> context, Action<SendContext<T>> configure)
        where T : class
    {
        using var limit = new CancellationTokenSource(Patience);
        var queue = QueueOf(context);
        var endpoint = await context.GetSendEndpoint(new Uri($"exchange:{ShardQueues.LateOf(queue, options)}"));
        try
        {
            await endpoint.SendToQueueAsync(context.Message, configure, limit.Token);
        }
        catch (MessageReturnedException)
        {
            // Somebody has deleted the queue.
            await DeclareAsync(queue, context.ReceiveContext.GetPayload<ChannelContext>(), limit.Token);
            await endpoint.SendToQueueAsync(context.Message, configure, limit.Token);
        }
    }

    private static string QueueOf(ConsumeContext context) => context.ReceiveContext.InputAddress.AbsolutePath.Split('/')[^1];

    private static int CountOf(ConsumeContext context) => context.Headers.Get<int>(CountHeader) ?? 0;

    private static bool IsTransient(Exception error) => error is not UnusableShardException;

    [LoggerMessage(10, LogLevel.Warning, "A delivery from {Queue} failed and is tried again in {Seconds} s ({Count} of {Most}): {Reason}")]
    private partial void LogLater(string queue, int seconds, int count, int most, string reason);
}
