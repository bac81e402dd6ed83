namespace Sclip.Contracts.Jobs;

/// <summary>The devices that a job may ask for.</summary>
public static class JobDevices
{
    /// <summary>Workers that compute on the CPU.</summary>
    public const string Cpu = "cpu";

    /// <summary>Workers with an NVIDIA GPU.</summary>
    public const string Cuda = "cuda";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Cpu, Cuda];

    /// <summary>Whether a worker with certain devices (<c>cpu</c>, <c>torch-cpu</c>, <c>cuda:0</c>) takes a job that asks for one; null asks for none.</summary>
    public static bool Suit(string? asked, IEnumerable<string> devices) => asked is null || devices.Any(device => device.StartsWith(Cuda, StringComparison.Ordinal) == (asked == Cuda));
}
