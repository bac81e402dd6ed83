using System.Globalization;

namespace Sclip.Evaluation.Reports;

/// <summary>Numbers as reports write them.</summary>
public static class Figures
{
    /// <summary>A share in percent, of two digits as MMSegmentation prints it; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } value && !double.IsNaN(value) ? (value * 100).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    /// <summary>A whole number, its thousands apart.</summary>
    public static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
