using System.Text.RegularExpressions;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>An instrument of the program.</summary>
/// <param name="Name">Its name in OpenTelemetry.</param>
/// <param name="Kind">Counter, histogram, up-down counter or gauge.</param>
/// <param name="Unit">Its unit.</param>
internal sealed partial record Instrument(string Name, string Kind, string Unit)
{
    /// <summary>All that the sources create: a class that no test makes has its instruments, too.</summary>
    public static Instrument[] All { get; } = [.. Created().Matches(Sources.Text).Select(Read).OrderBy(instrument => instrument.Name, StringComparer.Ordinal)];

    /// <summary>What Prometheus calls it.</summary>
    public string PrometheusName => Name.Replace('.', '_') + Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + (Kind == "counter" ? "_total" : "");

    private static Instrument Read(Match call)
    {
        var texts = Text().Matches(Arguments(Sources.Text, call.Index + call.Length)).Select(text => text.Groups[1].Value).ToArray();
        // Name, unit and description, with what else is given between the first two.
        return new Instrument(texts[0], KindOf(call.Groups[1].Value), texts[^2]);
    }

    private static string KindOf(string method) => method.Replace("Observable", "", StringComparison.Ordinal) switch
    {
        "UpDownCounter" => "up-down counter",
        var kind => kind.ToLowerInvariant(),
    };

    /// <summary>The arguments of a call, up to the bracket that closes it.</summary>
    private static string Arguments(string text, int start)
    {
        var (end, depth) = (start, 1);
        for (; depth > 0; end++)
            depth += text[end] switch { '(' => 1, ')' => -1, _ => 0 };
        return text[start..(end - 1)];
    }

    [GeneratedRegex(@"\bCreate((?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge))(?:<\w+>)?\(")]
    private static partial Regex Created();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Text();
}
