using System.Text;

namespace Sclip.Cli;

/// <summary>Writes text without control characters but for ends of lines and tabulators, whatever a message tells of: the last place before a terminal.</summary>
/// <param name="inner">Where it is written; not disposed.</param>
internal sealed class PrintableWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(Printable.Lines(value.ToString()));

    public override void Write(string? value) => inner.Write(Printable.Lines(value ?? ""));

    // Whole, since several threads write lines.
    public override void WriteLine(string? value) => inner.WriteLine(Printable.Lines(value ?? ""));

    public override Task WriteAsync(string? value) => inner.WriteAsync(Printable.Lines(value ?? ""));

    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(Printable.Lines(value ?? ""));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync() => inner.FlushAsync();

    public override string ToString() => inner.ToString()!;
}
