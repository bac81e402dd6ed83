using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Demo;

public partial class DemoTests
{
    [Fact]
    public async Task The_demo_shows_sclip_well_above_clip()
    {
        using var folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable("SCLIP_HOME", Repository.Root);
        var (code, output, error) = await SclipCli.Run(["demo", "--out", folder.Path]);
        Assert.True(code == 0, error);
        Assert.Equal(8, Directory.GetFiles(folder["overlays"]).Length);
        var accuracy = Row().Matches(output).ToDictionary(row => row.Groups["method"].Value, row => double.Parse(row.Groups["accuracy"].Value, CultureInfo.InvariantCulture));
        Assert.Equal(["clip", "maskclip", "sclip"], accuracy.Keys);
        Assert.True(accuracy["sclip"] > accuracy["clip"] + 10, output);
    }

    [GeneratedRegex(@"│ (?<method>\w+) +│ +[\d.]+ % │ +(?<accuracy>[\d.]+) % +│")]
    private static partial Regex Row();
}
