using System.CommandLine;

namespace Sclip.Cli.Completion;

/// <summary><c>sclip completion</c>: prints the script by which a shell completes commands, options and values.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, Func<CommandTree, string>> Shells = new(StringComparer.Ordinal)
    {
        ["bash"] = BashScript.Of,
        ["zsh"] = ZshScript.Of,
        ["fish"] = FishScript.Of,
    };

    /// <param name="context">Where the script is printed.</param>
    /// <param name="root">The program.</param>
    public static Command Create(CliContext context, Command root)
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", Shells.Keys)}.", HelpName = string.Join('|', Shells.Keys) };
        shell.CompletionSources.Add([.. Shells.Keys]);
        var command = new Command("completion", "Print a script by which a shell completes commands, options and values: source <(sclip completion bash), the same with zsh, or sclip completion fish | source.") { shell };
        command.SetAction(async (parsed, _) =>
        {
            var name = parsed.GetRequiredValue(shell);
            if (!Shells.TryGetValue(name, out var script))
                throw new UserException($"There is no script for '{name}'; there are {string.Join(", ", Shells.Keys)}.");
            await context.Output.WriteAsync(script(CommandTree.Of(root)));
            return ExitCodes.Done;
        });
        return command;
    }
}
