using System.Diagnostics;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Completion;

/// <summary>The scripts of <c>sclip completion</c>, run by the shells themselves.</summary>
public sealed class CompletionTests
{
    public static TheoryData<string, string[], string[]> Lines => new()
    {
        { "lab", ["label", "labels"], ["model"] },
        { "model ", ["pull", "convert", "list", "show"], ["label"] },
        { "model l", ["list"], ["pull"] },
        { "model list --js", ["--json"], ["--help"] },
        { "label photos --overl", ["--overlay"], ["--out"] },
        { "label photos --device ", ["auto", "cuda", "cpu", "torch-cpu"], ["--out"] },
        { "submit --input photos --keep-features f", ["fp16"], ["int8"] },
        { "jobs --state w", ["waiting"], ["running"] },
        { "completion ", ["bash", "zsh", "fish"], ["label"] },
        { "export x --format coco-p", ["coco-panoptic"], ["voc"] },
        { "--he", ["--help"], ["label"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash_completes(string line, string[] expected, string[] absent)
    {
        using var folder = new TemporaryFolder();
        var words = line.Split(' ');
        var quoted = string.Join(' ', words.Select(word => $"'{word}'"));
        Check(expected, absent, await RunAsync(folder, "bash", "--norc", "-c", $"source '{await ScriptAsync(folder, "bash")}'; COMP_WORDS=(./sclip {quoted}); COMP_CWORD={words.Length}; _sclip; printf '%s\\n' \"${{COMPREPLY[@]}}\""));
    }

    [Fact]
    public async Task Bash_completes_a_value_behind_an_equals_sign_and_leaves_files_to_the_shell()
    {
        using var folder = new TemporaryFolder();
        var script = await ScriptAsync(folder, "bash");
        Assert.Equal(["bf16"], await RunAsync(folder, "bash", "--norc", "-c", $"source '{script}'; COMP_WORDS=(sclip label --precision = b); COMP_CWORD=4; _sclip; printf '%s\\n' \"${{COMPREPLY[@]}}\""));
        Assert.Equal(["0 -o default -F _sclip sclip"], await RunAsync(folder, "bash", "--norc", "-c", $"source '{script}'; COMP_WORDS=(sclip label --out a); COMP_CWORD=3; _sclip; echo ${{#COMPREPLY[@]}} $(complete -p sclip | cut -d' ' -f2-)"));
    }

    // The line editor is not there: what the script hands to it is printed in its place.
    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Zsh_completes(string line, string[] expected, string[] absent)
    {
        using var folder = new TemporaryFolder();
        var words = line.Split(' ');
        var quoted = string.Join(' ', words.Select(word => $"'{word}'"));
        var script = $$"""
            compadd() { shift; print -rl -- "$@" | grep -e "^$words[CURRENT]" }
            _files() { print files }
            _describe() { print -rl -- ${(P)@[-1]} | sed 's/\([^\\]\):.*/\1/; s/\\:/:/' | grep -e "^$words[CURRENT]" }
            source '{{await ScriptAsync(folder, "zsh")}}'
            words=(sclip {{quoted}}); CURRENT={{words.Length + 1}}; _sclip
            """;
        Check(expected, absent, await RunAsync(folder, "zsh", "-f", "-c", script));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish_completes(string line, string[] expected, string[] absent)
    {
        using var folder = new TemporaryFolder();
        var found = await RunAsync(folder, "fish", "--no-config", "-c", $"source '{await ScriptAsync(folder, "fish")}'; complete -C 'sclip {line}'");
        Check(expected, absent, [.. found.Select(item => item.Split('\t')[0])]);
    }

    [Fact]
    public async Task Another_shell_is_refused_with_those_that_there_are()
    {
        var (code, output, error) = await SclipCli.Run(["completion", "tcsh"]);
        Assert.Equal((1, "", $"sclip: There is no script for 'tcsh'; there are bash, zsh, fish.{Environment.NewLine}"), (code, output, error));
    }

    private static void Check(string[] expected, string[] absent, string[] found)
    {
        Assert.All(expected, word => Assert.Contains(word, found));
        Assert.All(absent, word => Assert.DoesNotContain(word, found));
    }

    private static async Task<string> ScriptAsync(TemporaryFolder folder, string shell)
    {
        var (code, output, error) = await SclipCli.Run(["completion", shell]);
        Assert.True(code == 0, error);
        return folder.Write("script", output);
    }

    private static async Task<string[]> RunAsync(TemporaryFolder folder, string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        start.Environment["HOME"] = folder.Path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
