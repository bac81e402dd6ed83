using System.Diagnostics;
using MassTransit;
using Sclip.Contracts.Messages;

namespace Sclip.Dispatcher.Board;

/// <summary>Tells the other dispatchers that a job has changed. Nobody waits for it, nor is told where it fails: who missed it sees it in the blobs a little later.</summary>
/// <param name="bus">Where to.</param>
internal sealed class JobNews(IBus bus)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Tells of a job.</summary>
    public void Tell(string id) => _ = TellAsync(id);

    private async Task TellAsync(string id)
    {
        // A wake-up of other dispatchers is no step of the job, in whose trace it would stand.
        Activity.Current = null;
        using var limit = new CancellationTokenSource(Patience);
        // Without a broker the bus may keep a message in hand for long, whatever its token says.
        await bus.Publish(new JobChanged { JobId = id }, context => (context.Durable, context.TimeToLive) = (false, Patience), limit.Token)
            .WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
