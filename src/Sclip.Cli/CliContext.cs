using Sclip.Imaging;
using Spectre.Console;

namespace Sclip.Cli;

/// <summary>Where a command writes, and how it is told to end.</summary>
/// <param name="Output">Results and progress.</param>
/// <param name="Error">Errors and warnings.</param>
/// <param name="Interactive">Whether a person watches a terminal.</param>
/// <param name="Stop">The first interrupt: finish what is under way.</param>
/// <param name="Abort">The second interrupt: give up at once.</param>
internal sealed record CliContext(TextWriter Output, TextWriter Error, bool Interactive, CancellationToken Stop, CancellationToken Abort)
{
    /// <summary>What decodes pictures.</summary>
    public WatchedDecoder Decoder { get; init; } = new();

    /// <summary>Where a person answers; null where nobody can.</summary>
    public TextReader? Input { get; init; }

    /// <summary>A console that draws on <see cref="Output"/>.</summary>
    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Interactive ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = Interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = Interactive ? InteractionSupport.Detect : InteractionSupport.No,
        Out = new AnsiConsoleOutput(Output),
    });
}
