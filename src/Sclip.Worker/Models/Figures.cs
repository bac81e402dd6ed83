using System.Globalization;

namespace Sclip.Worker.Models;

/// <summary>Numbers as people read them.</summary>
public static class Figures
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>A number of bytes, in decimal units as disks are sold.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>A count in millions.</summary>
    public static string Millions(long count) => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0} million");
}
