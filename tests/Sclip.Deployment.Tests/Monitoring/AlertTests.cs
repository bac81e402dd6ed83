using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sclip.Deployment.Tests.Manifests;
using Sclip.Testing;

namespace Sclip.Deployment.Tests.Monitoring;

/// <summary>The alerts, by promtool: what stands in the PrometheusRule of an overlay is what is tested.</summary>
public class AlertTests
{
    private const string RuleFile = "sclip.rules.yaml";

    private static string TestFolder => Path.Combine(Overlay.Folder, "monitoring", "tests");

    public static TheoryData<string> Files => [.. Directory.GetFiles(TestFolder, "*.test.yaml").Select(path => Path.GetFileName(path)!).Order()];

    [Fact]
    public async Task Promtool_finds_the_rules_in_order()
    {
        using var folder = new TemporaryFolder();
        folder.Write(RuleFile, (await SpecAsync()).ToJsonString());
        var (code, output, error) = await Command.RunAsync("promtool", ["check", "rules", RuleFile], folder: folder.Path);
        Assert.True(code == 0, output + error);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Alerts_fire_when_they_should_and_only_then(string file)
    {
        var (code, output) = await TestAsync(await SpecAsync(), file);
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("queue-age.test.yaml", "> 300", "> 3000")]
    [InlineData("no-workers.test.yaml", "5m", "1m")]
    [InlineData("failure-ratio.test.yaml", "> 0.05", "> 0.005")]
    [InlineData("job-stalled.test.yaml", "> 1800", "> 1")]
    [InlineData("redelivery-storm.test.yaml", "> 0.5 *", "> 0.05 *")]
    public async Task A_rule_that_is_changed_fails_its_test(string file, string text, string changed)
    {
        var spec = (await SpecAsync()).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Contains(text, spec, StringComparison.Ordinal);
        var (code, _) = await TestAsync(JsonNode.Parse(spec.Replace(text, changed, StringComparison.Ordinal))!, file);
        Assert.NotEqual(0, code);
    }

    [Fact]
    public async Task Every_alert_is_tested_to_fire_and_to_be_still()
    {
        var tests = Directory.GetFiles(TestFolder, "*.test.yaml").SelectMany(file => Yaml.Read(File.ReadAllText(file))).SelectMany(file => file["tests"]!.AsArray()).SelectMany(test => test!["alert_rule_test"]!.AsArray()).ToArray();
        foreach (var alert in (await AlertsAsync()).Select(alert => (string)alert["alert"]!).Distinct())
        {
            Assert.Contains(tests, test => (string?)test!["alertname"] == alert && test["exp_alerts"] is JsonArray { Count: > 0 });
            Assert.Contains(tests, test => (string?)test!["alertname"] == alert && test["exp_alerts"] is null);
        }
    }

    [Fact]
    public async Task Every_alert_says_how_bad_it_is_what_to_do_and_where_more_is_written()
    {
        foreach (var alert in await AlertsAsync())
        {
            Assert.Contains((string?)alert["labels"]!["severity"], new[] { "info", "warning", "critical" });
            Assert.True(((string?)alert["annotations"]!["summary"])?.Length > 15);
            Assert.True(((string?)alert["annotations"]!["description"])?.Length > 80);
            Assert.Equal($"docs/operate.md#{((string)alert["alert"]!).ToLowerInvariant()}", (string?)alert["annotations"]!["runbook_url"]);
        }
    }

    [Fact]
    public async Task The_operate_page_has_a_section_for_every_alert()
    {
        var guide = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operate.md"));
        var sections = Regex.Matches(guide, @"^#+ +(\S+) *$", RegexOptions.Multiline).Select(match => match.Groups[1].Value);
        Assert.All((await AlertsAsync()).Select(alert => (string)alert["alert"]!).Distinct(), alert => Assert.Contains(alert, sections));
    }

    [Fact]
    public async Task Grafana_finds_the_dashboard()
    {
        var map = (await Overlay.RenderAsync("cpu")).The("ConfigMap", "sclip-dashboard");
        Assert.Equal("1", (string?)map["metadata"]!["labels"]!["grafana_dashboard"]);
        Assert.NotNull(JsonNode.Parse((string)map["data"]!["sclip.json"]!)!["title"]);
    }

    private static async Task<JsonNode> SpecAsync() => Assert.Single((await Overlay.RenderAsync("cpu")).Of("PrometheusRule"))["spec"]!;

    private static async Task<JsonObject[]> AlertsAsync() => [.. (await SpecAsync())["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!.AsObject())];

    private static async Task<(int Code, string Output)> TestAsync(JsonNode spec, string file)
    {
        using var folder = new TemporaryFolder();
        folder.Write(RuleFile, spec.ToJsonString());
        File.Copy(Path.Combine(TestFolder, file), folder[file]);
        var (code, output, error) = await Command.RunAsync("promtool", ["test", "rules", file], folder: folder.Path);
        return (code, output + error);
    }
}
