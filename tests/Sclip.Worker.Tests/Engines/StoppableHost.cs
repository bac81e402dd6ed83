using Microsoft.Extensions.Hosting;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker.Tests.Engines;

/// <summary>A host of which a test sees that it was told to stop, and how.</summary>
internal sealed class StoppableHost : IHostApplicationLifetime
{
    private readonly CancellationTokenSource _stopping = new();
    private int _stops;

    public HostExit Exit { get; } = new();

    public int Stops => _stops;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => default;

    /// <summary>What a host does first when it is told to end from outside.</summary>
    public void BeginStop() => _stopping.Cancel();

    public void StopApplication() => Interlocked.Increment(ref _stops);
}
