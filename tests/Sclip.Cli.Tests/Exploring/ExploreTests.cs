namespace Sclip.Cli.Tests.Exploring;

public sealed class ExploreTests : IDisposable
{
    private readonly SclipCli _cli = new();

    private string Page => _cli.Folder["page.html"];

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_picture_that_cannot_be_read_is_named_and_the_others_are_shown()
    {
        _cli.Picture("in/a.png");
        _cli.Folder.Write("in/bad.png", "no picture at all");
        var (code, output, error) = await Explore("--stride", "64", "--methods", "clip,sclip", "--clusters", "4", "--point", "10,20");
        Assert.Equal(2, code);
        Assert.Contains("failed: bad.png: the file is no picture", error, StringComparison.Ordinal);
        Assert.Contains("shows 1 picture ", output, StringComparison.Ordinal);
        Assert.Contains("nearest names", output, StringComparison.Ordinal);
        var html = await File.ReadAllTextAsync(Page, TestContext.Current.CancellationToken);
        Assert.Contains("a.png", html, StringComparison.Ordinal);
        Assert.Contains("10,20, chosen by you", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_good_picture_there_is_no_page()
    {
        _cli.Folder.Write("in/bad.png", "no picture at all");
        Assert.Equal(2, (await Explore()).ExitCode);
        Assert.False(File.Exists(Page));
    }

    [Theory]
    [InlineData("managed engine", "--device", "cuda")]
    [InlineData("managed engine", "--device", "torch-cpu")]
    [InlineData("managed engine", "--precision", "bf16")]
    [InlineData("There is no method 'slcip'", "--methods", "clip,slcip")]
    [InlineData("--clusters must lie in 2..64", "--clusters", "1")]
    [InlineData("--point must be x,y", "--point", "10;20")]
    [InlineData("lies outside a.png, which has 256 x 192 pixels", "--point", "256,10")]
    [InlineData("stride", "--stride", "65")]
    [InlineData("none of the classes is it", "--prob-threshold", "0.5")]
    [InlineData("is a folder", "--out", "/tmp")]
    [InlineData("does not exist", "--out", "/no/such/folder/page.html")]
    public async Task What_cannot_be_explored_is_refused(string mention, params string[] options)
    {
        _cli.Picture("in/a.png");
        var (code, _, error) = await Explore(options);
        Assert.Equal(1, code);
        Assert.Contains(mention, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Page));
    }

    [Fact]
    public async Task More_pictures_than_a_page_holds_are_refused_before_any_work()
    {
        for (var i = 0; i < 17; i++)
            _cli.Folder.Write($"in/{i}.png", "");
        var (code, _, error) = await Explore();
        Assert.Equal(1, code);
        Assert.Contains("There are 17 pictures", error, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> Explore(params string[] more) => SclipCli.Run(
        ["explore", _cli.Folder["in"], "--labels", "grass, sky, water", "--model", SclipCli.Model, .. more.Contains("--out") ? [] : (string[])["--out", Page], .. more]);
}
