using System.Globalization;

namespace Sclip.Imaging;

/// <summary>A picture that was not decoded within its time.</summary>
/// <param name="time">The time that it had.</param>
/// <param name="isLost">Whether its decoder does not come back at all.</param>
public sealed class DecodeTimeoutException(TimeSpan time, bool isLost)
    : ImageDecodeException(string.Create(CultureInfo.InvariantCulture, $"timed out: it was not decoded within {time.TotalSeconds:0.###} s{(isLost ? ", and its decoder does not come back" : "")}."))
{
    /// <summary>Whether its decoder does not come back at all: its thread is lost to the process.</summary>
    public bool IsLost => isLost;
}
