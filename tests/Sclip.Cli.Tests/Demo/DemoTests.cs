using System.Globalization;
using System.Text.RegularExpressions;
using Sclip.Cli.Demo;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Demo;

public partial class DemoTests
{
    [Fact]
    public async Task The_demo_shows_sclip_well_above_clip()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = await SclipCli.Run(["demo", "--out", folder.Path]);
        Assert.True(code == 0, error);
        Assert.Equal(8, Directory.GetFiles(folder["overlays"]).Length);
        var accuracy = Row().Matches(output).ToDictionary(row => row.Groups["method"].Value, row => double.Parse(row.Groups["accuracy"].Value, CultureInfo.InvariantCulture));
        Assert.Equal(["clip", "maskclip", "sclip"], accuracy.Keys);
        Assert.True(accuracy["sclip"] > accuracy["clip"] + 10, output);
        Assert.Contains("The same weights, only the last block's attention differs: by mIoU, sclip (", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.421, 0.807, 0.801, "sclip (80.1 %) is above clip (42.1 %) and level with maskclip (80.7 %).")]
    [InlineData(0.5, 0.9, 0.4, "sclip (40.0 %) is below clip (50.0 %) and below maskclip (90.0 %).")]
    [InlineData(0.1, 0.2, 0.3, "sclip (30.0 %) is above clip (10.0 %) and above maskclip (20.0 %).")]
    public void What_the_demo_says_of_its_table_is_what_the_table_shows(double clip, double maskClip, double sclip, string expected) =>
        Assert.EndsWith(expected, DemoVerdict.Of([new("clip", clip, 0), new("maskclip", maskClip, 0), new("sclip", sclip, 0)]), StringComparison.Ordinal);

    [GeneratedRegex(@"(?m)^(?<method>\w+)  +[\d.]+ %  +(?<accuracy>[\d.]+) %$")]
    private static partial Regex Row();
}
