namespace Sclip.Worker;

/// <summary>How a worker is told to end.</summary>
/// <param name="Stop">Takes no further image, and saves what is done.</param>
/// <param name="Abort">Gives up at once.</param>
public sealed record WorkerLifetime(CancellationToken Stop, CancellationToken Abort);
