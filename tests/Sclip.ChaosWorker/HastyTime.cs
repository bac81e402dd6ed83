using System.Globalization;

namespace Sclip.ChaosWorker;

/// <summary>A clock that counts CHAOS_HURRY seconds for each that passes.</summary>
internal sealed class HastyTime : TimeProvider
{
    private readonly int _factor = int.Parse(Environment.GetEnvironmentVariable("CHAOS_HURRY") ?? "1", CultureInfo.InvariantCulture);
    private readonly long _start = System.GetTimestamp();

    public override long GetTimestamp() => (System.GetTimestamp() - _start) * _factor;
}
