using Sclip.Testing;

namespace Sclip.Cli.Tests.Labelling;

public sealed class StuckPictureTests : IDisposable
{
    private readonly StuckDecoder _decoder = new();
    private readonly SclipCli _cli;

    public StuckPictureTests() => _cli = new SclipCli { Decoder = _decoder.Watched };

    public void Dispose()
    {
        _cli.Dispose();
        _decoder.Dispose();
    }

    [Fact]
    public async Task A_picture_whose_decoder_does_not_come_back_ends_the_run_and_the_same_command_goes_on_without_it()
    {
        Pictures(20);
        _cli.Folder.Write("in/03.png", StuckDecoder.Endless);
        var (code, _, error) = await LabelAsync();
        Assert.Equal(130, code);
        Assert.Contains("failed: 03.png: timed out: it was not decoded within 1 s, and its decoder does not come back.", error, StringComparison.Ordinal);
        var left = 20 - _cli.Results.Length;
        Assert.InRange(left, 1, 18);
        Assert.Contains($"03.png was not decoded within 1 s, and its thread cannot be stopped: the run ends with {left} of 20 pictures left.", error, StringComparison.Ordinal);
        Assert.Equal(("failed", "timed_out"), End("03.png"));

        (code, _, error) = await LabelAsync();
        Assert.Equal(2, code);
        Assert.Contains("left out: 1 picture that was not decoded in time before, until all others are done: 03.png", error, StringComparison.Ordinal);
        Assert.Equal(1, _decoder.Stuck);
        Assert.Equal(20, _cli.Results.Length);
        Assert.Equal(["03.png"], _cli.Results.Where(result => result["status"]!.GetValue<string>() == "failed").Select(result => result["image"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Each_run_makes_progress_however_many_pictures_there_are_that_do_not_come_back()
    {
        Pictures(20);
        foreach (var stuck in (string[])["00", "07", "14"])
            _cli.Folder.Write($"in/{stuck}.png", StuckDecoder.Endless);
        foreach (var (name, run) in ((string, int)[])[("00.png", 1), ("07.png", 2), ("14.png", 3)])
        {
            Assert.Equal(130, (await LabelAsync()).ExitCode);
            Assert.Equal((("failed", "timed_out"), run), (End(name), _decoder.Stuck));
        }
        Assert.Equal(2, (await LabelAsync()).ExitCode);
        Assert.Equal((20, 3), (_cli.Results.Length, _decoder.Stuck));
    }

    [Fact]
    public async Task Once_the_others_are_done_a_picture_is_tried_again_and_so_is_one_that_was_changed_before()
    {
        Pictures(20);
        foreach (var stuck in (string[])["00", "10"])
            _cli.Folder.Write($"in/{stuck}.png", StuckDecoder.Endless);
        Assert.Equal(130, (await LabelAsync()).ExitCode);
        Assert.Equal(130, (await LabelAsync()).ExitCode);
        _cli.Picture("in/10.png");
        Assert.Equal(2, (await LabelAsync()).ExitCode);
        Assert.Equal("ok", _cli.Result("10.png")["status"]!.GetValue<string>());

        _cli.Picture("in/00.png");
        Assert.Equal(0, (await LabelAsync()).ExitCode);
        Assert.Equal(20, _cli.Results.Length);
    }

    [Fact]
    public async Task A_picture_whose_decoder_ends_when_told_to_costs_nothing_but_itself()
    {
        Pictures(8);
        _cli.Folder.Write("in/03.png", StuckDecoder.Slow);
        var (code, _, error) = await LabelAsync();
        Assert.Equal(2, code);
        Assert.Contains("failed: 03.png: timed out: it was not decoded within 1 s.", error, StringComparison.Ordinal);
        Assert.Equal(8, _cli.Results.Length);
    }

    [Fact]
    public async Task Explore_goes_on_after_a_picture_whose_decoder_does_not_come_back()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("in/b.png", StuckDecoder.Endless);
        var (code, output, error) = await SclipCli.Run(
            ["explore", _cli.Folder["in"], "--labels", "sky, grass", "--model", SclipCli.Model, "--out", _cli.Folder["page.html"]], decoder: _decoder.Watched);
        Assert.Equal(2, code);
        Assert.Contains("failed: b.png: timed out", error, StringComparison.Ordinal);
        Assert.Contains("explored a.png", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_cli.Folder["page.html"]));
    }

    private void Pictures(int count)
    {
        for (var i = 0; i < count; i++)
            _cli.Picture($"in/{i:00}.png");
    }

    // One thread reads and decodes few pictures ahead.
    private Task<(int ExitCode, string Output, string Error)> LabelAsync() => _cli.Label("--picture-seconds", "1", "--threads", "1");

    private (string Status, string Reason) End(string image) => (_cli.Result(image)["status"]!.GetValue<string>(), _cli.Result(image)["reason"]!.GetValue<string>());
}
