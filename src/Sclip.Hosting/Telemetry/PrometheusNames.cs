using System.Text;

namespace Sclip.Hosting.Telemetry;

/// <summary>Names of OpenTelemetry as Prometheus writes them: letters, digits and '_', the unit and <c>_total</c> at the end.</summary>
internal static class PrometheusNames
{
    /// <summary>The name of a metric's family: <c>sclip.stage.duration</c> in <c>s</c> is <c>sclip_stage_duration_seconds</c>.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">Its unit in UCUM's notation; parts in braces are annotations and do not count.</param>
    /// <param name="type">What Prometheus takes it for: counters end in <c>_total</c>, gauges without a dimension in <c>_ratio</c>.</param>
    public static string Family(string name, string unit, PrometheusType type)
    {
        var family = Sanitize(name, allowColon: true);
        if (type == PrometheusType.Counter && family.EndsWith("_total", StringComparison.Ordinal))
            family = family[..^"_total".Length];
        var suffix = unit == "1" && type == PrometheusType.Gauge ? "ratio" : Unit(unit);
        if (suffix.Length > 0 && family != suffix && !family.EndsWith("_" + suffix, StringComparison.Ordinal))
            family += "_" + suffix;
        return type == PrometheusType.Counter ? family + "_total" : family;
    }

    /// <summary>The name of a label: <c>sclip.stage</c> is <c>sclip_stage</c>.</summary>
    public static string Label(string key) => Sanitize(key, allowColon: false);

    private static string Unit(string unit)
    {
        var bare = WithoutAnnotations(unit);
        if (bare is "" or "1")
            return "";
        var slash = bare.IndexOf('/');
        if (slash < 0)
            return UnitName(bare) ?? Sanitize(bare, allowColon: false).Trim('_');
        var above = bare[..slash];
        var below = bare[(slash + 1)..];
        if (below.Length == 0)
            return Unit(above);
        var per = "per_" + (PerUnitName(below) ?? Sanitize(below, allowColon: false).Trim('_'));
        return above is "" or "1" ? per : $"{Unit(above)}_{per}";
    }

    private static string WithoutAnnotations(string unit)
    {
        var bare = new StringBuilder(unit.Length);
        var depth = 0;
        foreach (var letter in unit)
        {
            if (letter == '{')
                depth++;
            else if (letter == '}' && depth > 0)
                depth--;
            else if (depth == 0)
                bare.Append(letter);
        }
        return bare.ToString();
    }

    private static string Sanitize(string name, bool allowColon)
    {
        var result = new StringBuilder(name.Length + 1);
        foreach (var letter in name)
        {
            if (result.Length == 0 && char.IsAsciiDigit(letter))
                result.Append('_');
            if (char.IsAsciiLetterOrDigit(letter) || (allowColon && letter == ':'))
                result.Append(letter);
            else if (result.Length == 0 || result[^1] != '_')
                result.Append('_');
        }
        return result.Length == 0 ? "_" : result.ToString();
    }

    private static string? UnitName(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tebibytes",
        "kBy" or "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "g" => "grams",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "Hz" => "hertz",
        "Cel" => "celsius",
        "%" => "percent",
        _ => null,
    };

    private static string? PerUnitName(string unit) => unit switch
    {
        "s" => "second",
        "m" or "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => null,
    };
}
