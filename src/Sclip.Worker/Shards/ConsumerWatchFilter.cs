using MassTransit;
using MassTransit.RabbitMqTransport;

namespace Sclip.Worker.Shards;

/// <summary>Tells a <see cref="ConsumerWatch"/> of the consumer that an endpoint has on each of its channels.</summary>
internal sealed class ConsumerWatchFilter(string queue, ConsumerWatch watch) : IFilter<ChannelContext>
{
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        using var channel = new WatchedChannel(context, queue, watch);
        var reason = "the bus has ended it";
        try
        {
            await next.Send(channel);
        }
        catch (Exception error)
        {
            reason = error.Message.TrimEnd('.');
            watch.Fail(queue, reason);
            throw;
        }
        finally
        {
            watch.End(queue, channel, reason);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("consumerWatch");
}
