using Sclip.Testing;

namespace Sclip.Cli.Tests.Labelling;

/// <summary>Methods that need a guide, through the commands that take one.</summary>
public sealed class GuideTests : IDisposable
{
    private readonly SclipCli _cli = new();

    public GuideTests()
    {
        new FakeGuide("dinov2").Fill().WriteTo(_cli.Folder["guide"]);
        new FakeGuide("dinov2", seed: 2).Fill().WriteTo(_cli.Folder["other"]);
        _cli.Picture("in/a.png");
    }

    private string Guide => _cli.Folder["guide"];

    private string Other => _cli.Folder["other"];

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_folder_goes_on_with_its_guide_alone()
    {
        var (code, _, error) = await _cli.Label("--method", "proxyclip", "--guide", Guide);
        Assert.True(code == 0, error);
        Assert.Equal(0, (await _cli.Label("--method", "proxyclip", "--guide", Guide)).ExitCode);
        (code, _, error) = await _cli.Label("--method", "proxyclip", "--guide", Other);
        Assert.Equal(1, code);
        Assert.Contains($"guide: '{Guide}' (fingerprint ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_guide_or_with_one_that_nothing_takes_nothing_is_begun()
    {
        var (code, _, error) = await _cli.Label("--method", "proxyclip");
        Assert.Equal(1, code);
        Assert.Contains("The method proxyclip needs a guide", error, StringComparison.Ordinal);
        (code, _, error) = await _cli.Label("--guide", Guide);
        Assert.Equal(1, code);
        Assert.Contains("No method that is asked for takes a guide", error, StringComparison.Ordinal);
        (code, _, error) = await _cli.Label("--method", "proxyclip", "--guide", SclipCli.Model);
        Assert.Equal(1, code);
        Assert.Contains("model_type is 'clip'; a guide is", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.Output));
    }

    [Fact]
    public async Task Kept_features_are_labelled_with_their_guide_wherever_it_lies()
    {
        Assert.Equal(0, (await _cli.Label("--method", "proxyclip", "--guide", Guide, "--keep-features", "fp16")).ExitCode);
        var (code, output, error) = await Relabel("again");
        Assert.True(code == 0, error);
        Assert.Matches("by kept features +1\\s", output);
        (code, _, error) = await Relabel("others", "--guide", Other);
        Assert.Equal(1, code);
        Assert.Contains("guide: ", error, StringComparison.Ordinal);
        Directory.Move(Guide, _cli.Folder["moved"]);
        (code, _, error) = await Relabel("lost");
        Assert.Equal(1, code);
        Assert.Contains("is not found from here: say where it is by --guide", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Relabel("found", "--guide", _cli.Folder["moved"])).ExitCode);

        Task<(int ExitCode, string Output, string Error)> Relabel(string folder, params string[] more) =>
            SclipCli.Run(["relabel", _cli.Output, "--labels", "grass, sky, house", "--out", _cli.Folder[folder], .. more]);
    }

    [Fact]
    public async Task A_benchmark_takes_one_guide_for_those_of_its_methods_that_need_one()
    {
        string[] arguments =
        [
            "benchmark", "--images", Path.Combine(SclipCli.Demo, "pictures"), "--ground-truth", Path.Combine(SclipCli.Demo, "ground-truth"), "--labels", Path.Combine(SclipCli.Demo, "labels.json"),
            "--model", SclipCli.Model, "--methods", "sclip,proxyclip", "--limit", "1", "--out", _cli.Output,
        ];
        var (code, output, error) = await SclipCli.Run([.. arguments, "--guide", Guide]);
        Assert.True(code == 0, error);
        Assert.Contains("proxyclip", output, StringComparison.Ordinal);
        (code, _, error) = await SclipCli.Run([.. arguments, "--guide", Other]);
        Assert.Equal(1, code);
        Assert.Contains("guide: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explore_shows_what_a_guide_does()
    {
        var (code, _, error) = await SclipCli.Run(
            ["explore", _cli.Folder["in/a.png"], "--labels", Path.Combine(SclipCli.Demo, "labels.json"), "--model", SclipCli.Model, "--methods", "sclip,proxyclip", "--guide", Guide, "--out", _cli.Folder["page.html"]]);
        Assert.True(code == 0, error);
        Assert.Contains("proxyclip", await File.ReadAllTextAsync(_cli.Folder["page.html"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
