using Sclip.Imaging;
using Spectre.Console;

namespace Sclip.Cli;

/// <summary>Where a command writes, and how it is told to end.</summary>
/// <param name="Output">Results and progress.</param>
/// <param name="Error">Errors and warnings.</param>
/// <param name="Interactive">Whether a person watches a terminal.</param>
/// <param name="Stop">The first interrupt: finish what is under way.</param>
/// <param name="Abort">The second interrupt: give up at once.</param>
/// <param name="Columns">Characters of a line of the terminal; null asks it.</param>
internal sealed record CliContext(TextWriter Output, TextWriter Error, bool Interactive, CancellationToken Stop, CancellationToken Abort, int? Columns = null)
{
    // Names have single blanks within.
    private const int Gap = 2;

    /// <summary>Results and progress.</summary>
    public TextWriter Output { get; } = new PrintableWriter(Output);

    /// <summary>Errors and warnings.</summary>
    public TextWriter Error { get; } = new PrintableWriter(Error);

    /// <summary>What decodes pictures.</summary>
    public WatchedDecoder Decoder { get; init; } = new();

    /// <summary>Where a person answers; null where nobody can.</summary>
    public TextReader? Input { get; init; }

    /// <summary>A console that draws on <see cref="Output"/>.</summary>
    public IAnsiConsole Console { get; } = Open(Output, Interactive, Columns);

    /// <summary>The same where <see cref="Output"/> is for a program to read: whatever is said besides goes to <see cref="Error"/>.</summary>
    public CliContext WithNotesOnError() => new(Error, Error, Interactive: false, Stop, Abort) { Decoder = Decoder, Input = Input };

    /// <summary>Tells of a picture or file that failed.</summary>
    public void TellFailure(string name, string? reason) => Error.WriteLine($"failed: {Printable.Line(name)}: {Printable.Line(reason)}");

    /// <summary>Writes a table: in a box as wide as the terminal; where there is none, a line a row whatever its length, since others wrap and cut it themselves.</summary>
    public void Write(Table table)
    {
        if (Interactive)
        {
            Console.Write(table.Border(TableBorder.Rounded));
            return;
        }
        foreach (var column in table.Columns)
            column.PadLeft(0).PadRight(Gap);
        // Above and below they would be broken to the width of the columns.
        var (title, caption) = (table.Title, table.Caption);
        (table.Title, table.Caption) = (null, null);
        var plain = new StringWriter();
        Open(plain, interactive: false, columns: short.MaxValue).Write(table.Border(TableBorder.None));
        Write(title);
        foreach (var line in plain.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Output.WriteLine(line.TrimEnd());
        Write(caption);
    }

    private void Write(TableTitle? line)
    {
        if (line is not null)
            Output.WriteLine(Markup.Remove(line.Text));
    }

    /// <summary>A cell of a table.</summary>
    public static Text Cell(string text) => new(Printable.Line(text));

    private static IAnsiConsole Open(TextWriter output, bool interactive, int? columns)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (columns is { } width)
            console.Profile.Width = width;
        return console;
    }
}
