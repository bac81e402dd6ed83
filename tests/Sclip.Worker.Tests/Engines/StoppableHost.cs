using Microsoft.Extensions.Hosting;
using Sclip.Hosting.Configuration;

namespace Sclip.Worker.Tests.Engines;

/// <summary>A host of which a test sees that it was told to stop, and how.</summary>
internal sealed class StoppableHost : IHostApplicationLifetime
{
    private int _stops;

    public HostExit Exit { get; } = new();

    public int Stops => _stops;

    public CancellationToken ApplicationStarted => default;

    public CancellationToken ApplicationStopping => default;

    public CancellationToken ApplicationStopped => default;

    public void StopApplication() => Interlocked.Increment(ref _stops);
}
