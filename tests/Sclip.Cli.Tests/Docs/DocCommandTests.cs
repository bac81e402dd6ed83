using Sclip.Testing;

namespace Sclip.Cli.Tests.Docs;

/// <summary>That the calls in the documentation are understood, and that those do what they say which need nothing but the repository.</summary>
public sealed class DocCommandTests
{
    private const string Temporary = "/tmp/";
    private static readonly string[] Runnable = ["label", "relabel", "labels", "export", "import", "eval", "explore", "demo", "benchmark", "model"];

    public static TheoryData<string> Pages => [.. DocPage.All.Where(page => DocCommand.Of(page).Any()).Select(page => page.Name)];

    public static TheoryData<string> PagesToRun => [.. DocPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal) && DocCommand.Of(page).Any(CanRun)).Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Calls_are_understood(string name)
    {
        foreach (var command in DocCommand.Of(new DocPage(name)))
        {
            var refusal = App.Refusal([.. command.Words], new CliContext(TextWriter.Null, TextWriter.Null, Interactive: false, default, default));
            Assert.True(refusal is null, $"{name}: {command.Line}\n{refusal}");
        }
    }

    /// <summary>In the order of the page, whose later calls read what the earlier ones wrote.</summary>
    [Theory]
    [MemberData(nameof(PagesToRun))]
    public async Task Calls_do_what_they_say(string name)
    {
        using var cli = new SclipCli();
        foreach (var command in DocCommand.Of(new DocPage(name)).Where(CanRun))
        {
            var (code, _, error) = await SclipCli.Run([.. command.Words.Select(word => Here(cli, word))], TestContext.Current.CancellationToken);
            Assert.True(code == ExitCodes.Done, $"{name}: {command.Line}\nended with {code}: {error}");
        }
    }

    /// <summary>Whether a call reads the demo's files alone, or what was made of them, and writes below /tmp.</summary>
    private static bool CanRun(DocCommand command) =>
        Runnable.Contains(command.Words[0]) && command.Words.All(word => !word.Contains('$', StringComparison.Ordinal) && !IsPlaceholder(word)) &&
        command.Words.Any(word => word.StartsWith("models/demo", StringComparison.Ordinal) || word.StartsWith(Temporary, StringComparison.Ordinal));

    /// <summary>Whether a word stands for what a reader has: PHOTOS.</summary>
    private static bool IsPlaceholder(string word) => word.All(letter => char.IsAsciiLetterUpper(letter) || letter is '|' or '-') && word.Any(char.IsAsciiLetterUpper);

    private static string Here(SclipCli cli, string word) =>
        word.StartsWith(Temporary, StringComparison.Ordinal) ? cli.Folder[word[Temporary.Length..]]
        : word.StartsWith("models/demo", StringComparison.Ordinal) ? Path.Combine(Repository.Root, word) : word;
}
