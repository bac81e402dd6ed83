using System.Text.RegularExpressions;
using Sclip.Dispatcher;
using Sclip.Hosting.Configuration;
using Sclip.Workbench;
using Sclip.Worker;

namespace Sclip.Deployment.Tests.Reference;

/// <summary>That docs/settings.md has every setting and every variable that the program reads, and no other.</summary>
public class SettingsTests
{
    private static readonly Page Page = new("settings.md");

    /// <summary>What libraries read and not the program, and what frameworks take from any section of theirs.</summary>
    private static readonly string[] OfLibraries =
    [
        "SCLIP_LOGGING__LOGLEVEL__DEFAULT", "SCLIP_KESTREL__ENDPOINTS__NAME__URL", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "OTEL_METRIC_EXPORT_INTERVAL", "AZURE_EXPERIMENTAL_ENABLE_ACTIVITY_SOURCE", "HTTPS_PROXY", "NO_PROXY", "NO_COLOR", "TMPDIR",
    ];

    private static Dictionary<string, Type> Sections { get; } = new[] { typeof(SclipOptions), typeof(WorkerOptions), typeof(DispatcherOptions), typeof(WorkbenchOptions) }
        .SelectMany(type => type.Assembly.GetExportedTypes()).Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IValidatableOptions)))
        .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);

    public static TheoryData<string> Names => [.. Sections.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_section_is_on_the_page_as_its_record_has_it(string section)
    {
        var table = SettingsTable.Of(section, Sections[section]);
        if (Page.IsUpdated)
            Page.Write(section, table);
        Assert.True(table == Page.Part(section), $"docs/settings.md has other settings of {section} than the program; SCLIP_UPDATE_DOCS=1 writes them:\n{table}");
    }

    [Fact]
    public void The_page_has_every_section_and_no_other() => Assert.Equal(Sections.Keys.Order(StringComparer.Ordinal), Page.Parts.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_variable_that_is_read_is_on_the_page_and_each_there_is_read()
    {
        var shown = Page.Rows().Select(row => row[0].Trim('`')).ToArray();
        Assert.Equal(shown.Length, shown.Distinct().Count());
        var read = ReadVariables();
        Assert.All(read, name => Assert.Contains(shown, key => Regex.IsMatch(key, $"^{name}$")));
        Assert.All(shown.Except(OfLibraries), key => Assert.True(IsOfSection(key) || read.Any(name => Regex.IsMatch(key, $"^{name}$")), $"docs/settings.md has {key}, which nothing reads."));
        Assert.All(OfLibraries, key => Assert.Contains(key, shown));
    }

    /// <summary>Variables by name, and those whose names are put together as patterns.</summary>
    private static string[] ReadVariables() =>
    [
        .. Sources.All("\"((?:SCLIP|HF|OTEL|XDG)(?:_[A-Z]+)+)\"").Where(name => !name.EndsWith('_')),
        .. Sources.All(@"\$""(OTEL_[A-Z_]*\{\w+\}\w*(?:\{\w+\})?)""").Select(name => Regex.Replace(name, @"\{\w+\}", "[A-Z]+")),
        .. Sources.All(@"(?:GetEnvironmentVariable|environment)\(""([A-Z_]+)""\)"),
        .. Sources.All(@"onfiguration\[""([a-z_]+)""\]").Select(key => SclipOptions.EnvironmentPrefix + key.ToUpperInvariant()),
    ];

    private static bool IsOfSection(string key) => Sections.Keys.Any(section => key.StartsWith($"{SclipOptions.EnvironmentPrefix}{section.ToUpperInvariant()}__", StringComparison.Ordinal));
}
