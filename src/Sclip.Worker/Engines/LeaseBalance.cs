namespace Sclip.Worker.Engines;

/// <summary>Spreads work over devices: the next goes to the one that has least, and of those to the first.</summary>
/// <param name="devices">How many there are.</param>
public sealed class LeaseBalance(int devices)
{
    private readonly int[] _leases = new int[devices];

    /// <summary>Picks a device.</summary>
    /// <returns>Its index.</returns>
    public int Take()
    {
        lock (_leases)
        {
            var device = Array.IndexOf(_leases, _leases.Min());
            _leases[device]++;
            return device;
        }
    }

    /// <summary>Says that work which it was picked for has ended.</summary>
    public void Give(int device)
    {
        lock (_leases)
            _leases[device]--;
    }
}
