namespace Sclip.Cli.Tests;

public sealed class MisuseTests
{
    private static readonly string Pictures = Path.Combine(SclipCli.Demo, "pictures");

    public static TheoryData<string, string[]> Mistakes => new()
    {
        { "label needs INPUT: pictures (JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP, GIF, TGA, PBM, PGM and PPM), folders of them, or globs such as 'photos/**/*.jpg'. (sclip label --help shows all options)", ["label"] },
        { "watch needs JOB: the job's id. (sclip watch --help shows all options)", ["watch"] },
        { "model pull needs ID: organisation/name, or organisation/name@revision. (sclip model pull --help shows all options)", ["model", "pull"] },
        { "eval needs --ground-truth. (sclip eval --help shows all options)", ["eval", Pictures] },
        { "results needs --out. (sclip results --help shows all options)", ["results", "one"] },
        { "export needs JOB|DIR and --out. (sclip export --help shows all options)", ["export"] },
        { "--ground-truth needs a value behind it. (sclip eval --help shows all options)", ["eval", Pictures, "--ground-truth"] },
        { "--out takes one value; given are 'a', 'b'. (sclip label --help shows all options)", ["label", Pictures, "--out", "a", "--out", "b"] },
        { "There is no command 'lable'; did you mean 'label'? (sclip --help shows the commands)", ["lable", "x"] },
        { "There is no command 'something-else'. (sclip --help shows the commands)", ["something-else"] },
        { "There is no command 'pul'; did you mean 'pull'? (sclip model --help shows the commands)", ["model", "pul", "x"] },
        { "There is no option --overlay. (sclip --help shows the commands)", ["--overlay"] },
        { "There is no option --overlays; did you mean --overlay? (sclip label --help shows all options)", ["label", Pictures, "--overlays"] },
        { "There is no option --overlays; did you mean --overlay? (sclip label --help shows all options)", ["label", Pictures, "--overlays=true"] },
        { "There is no option --groundtruth; did you mean --ground-truth? (sclip eval --help shows all options)", ["eval", "--groundtruth", "x", Pictures] },
        { "There is no option --fromat; did you mean --format? (sclip export --help shows all options)", ["export", Pictures, "--fromat", "voc", "--out", "x"] },
        { "There is no option --limt; did you mean --limit? (sclip jobs --help shows all options)", ["jobs", "--limt", "5"] },
        { "There is no option --limt; did you mean --limit? (sclip jobs --help shows all options)", ["jobs", "--limt=5"] },
        { "There is no option --wholly-unknown. (sclip jobs --help shows all options)", ["jobs", "--wholly-unknown"] },
        { "There is no option --jsn; did you mean --json? (sclip model list --help shows all options)", ["model", "list", "--jsn"] },
        { "There is no option --devcie; did you mean --device? (sclip worker --help shows all options)", ["worker", "--devcie", "cpu"] },
        { "--state: 'wating' is none; there are planning, waiting, running, completed, cancelled, failed.", ["jobs", "--state", "wating"] },
        { "--limit must be at least 1; it is 0.", ["jobs", "--limit", "0"] },
        { "There is no option --something-else, and no file or folder of that name. (sclip label --help shows all options)", ["label", "--something-else"] },
        { "export takes one JOB|DIR, and 'y' is one too many. (sclip export --help shows all options)", ["export", "x", "y", "--format", "voc", "--out", "z"] },
        { "nowhere-?.jpg does not exist, and '?' is no wildcard here. Write '*' for any characters of a name, and '**' for any folders.", ["label", "nowhere-?.jpg", "--labels", "cat, dog", "--model", SclipCli.Model, "--out", "nowhere"] },
        { "jobs takes no arguments, and 'x' is one too many. (sclip jobs --help shows all options)", ["jobs", "x"] },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task What_is_missing_or_unknown_is_told_in_a_line_without_the_help(string said, string[] arguments) =>
        Assert.Equal((1, "", $"sclip: {said}{Environment.NewLine}"), await SclipCli.Run(arguments));

    [Fact]
    public async Task A_text_that_begins_like_an_option_is_an_argument_where_it_is_none()
    {
        var (code, output, error) = await SclipCli.Run(["labels", "- cat\n- dog"]);
        Assert.True(code == 0, error);
        Assert.Contains("dog", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Commands:", 0, "--help")]
    [InlineData("Commands:", 1)]
    [InlineData("Commands:", 1, "model")]
    [InlineData("--overlay", 0, "label", "--help")]
    [InlineData("--format", 0, "export", "x", "--help")]
    public async Task Help_is_shown_where_it_is_asked_for_and_where_no_command_is_named(string shown, int code, params string[] arguments)
    {
        var (exitCode, output, error) = await SclipCli.Run(arguments);
        Assert.Equal(code, exitCode);
        Assert.Contains(shown, output, StringComparison.Ordinal);
        Assert.DoesNotContain("sclip: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_takes_nothing_more_is_told_of_in_a_line()
    {
        var (code, _, error) = await SclipCli.Run(["labels", "cat, dog"], output: new FullWriter());
        Assert.Equal(1, code);
        Assert.EndsWith($"\nsclip: A file, a folder or the output cannot be read or written: No space left on device (SCLIP_DEBUG=1 shows where){Environment.NewLine}", error, StringComparison.Ordinal);
    }

    private sealed class FullWriter : StringWriter
    {
        public override Task WriteAsync(string? value) => throw new IOException("No space left on device");
    }
}
