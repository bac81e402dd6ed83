using System.Globalization;

namespace Sclip.Worker;

/// <summary>Who a worker is: unique among all processes.</summary>
/// <param name="Name">The name, as drafts and logs have it.</param>
public sealed record WorkerIdentity(string Name)
{
    /// <summary>The identity of this process.</summary>
    public static WorkerIdentity OfProcess() => new(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..6]}"));
}
