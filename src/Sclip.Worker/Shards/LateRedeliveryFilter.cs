using MassTransit;

namespace Sclip.Worker.Shards;

/// <summary>Puts <see cref="LateRedelivery"/> around the consumers of a message.</summary>
internal sealed class LateRedeliveryFilter<T>(LateRedelivery late) : IFilter<ConsumeContext<T>>
    where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next) => late.SendAsync(context, next);

    public void Probe(ProbeContext context) => context.CreateFilterScope("lateRedelivery");
}
