using System.Globalization;
using Sclip.Testing;
using Sclip.Testing.Servers;

namespace Sclip.Chaos;

/// <summary>Starts workers as processes of their own, whose engines misbehave as they are told.</summary>
internal static class WorkerProcess
{
    /// <summary>Seconds that a shard waits before it is tried again late.</summary>
    public const int LateSeconds = 2;

    /// <summary>Starts one.</summary>
    /// <param name="addresses">Where broker and store are.</param>
    /// <param name="cache">The folder of its cache.</param>
    /// <param name="settings">What else its environment holds.</param>
    /// <param name="log">Where its output goes, too; only its end is kept in memory.</param>
    public static ServerProcess Start(WorkerAddresses addresses, string cache, IReadOnlyDictionary<string, string> settings, TextWriter? log = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["SCLIP_BROKER__URI"] = addresses.Broker.ToString(),
            ["SCLIP_BROKER__LATESECONDS"] = LateSeconds.ToString(CultureInfo.InvariantCulture),
            ["SCLIP_BROKER__DELIVERYLIMIT"] = addresses.DeliveryLimit.ToString(CultureInfo.InvariantCulture),
            ["SCLIP_STORE__CONNECTION"] = addresses.Store,
            ["SCLIP_WORKER__MODELFOLDER"] = Path.Combine(Repository.Root, "models"),
            ["SCLIP_WORKER__PULLMODELS"] = "false",
            ["SCLIP_WORKER__QUARANTINESECONDS"] = "1",
            ["SCLIP_WORKER__GRACESECONDS"] = "10",
            ["SCLIP_WORKER__THREADS"] = "1",
            ["SCLIP_CACHE"] = cache,
            ["SCLIP_WORKER__PICTURESECONDS"] = "2",
            ["CHAOS_ENDLESS"] = FormattableString.Invariant($"{Pictures.EndlessWidth}x{Pictures.EndlessHeight}"),
            ["CHAOS_POISON"] = FormattableString.Invariant($"{Pictures.PoisonWidth}x{Pictures.PoisonHeight}"),
            ["CHAOS_SLOW"] = FormattableString.Invariant($"{Pictures.SlowWidth}x{Pictures.SlowHeight}"),
        };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return ServerProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Sclip.ChaosWorker.dll")], environment, log);
    }
}
