using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sclip.Hosting.Tests;

public sealed class LineFormatterTests
{
    [Fact]
    public void An_exception_is_what_it_says_and_no_stack()
    {
        var line = Format("Connection failed.", Thrown());
        Assert.EndsWith("warn Category: Connection failed. (InvalidOperationException: The broker is gone. < refused)\n", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_end_from_outside_makes_no_second_event() =>
        Assert.Equal(1, Format("The blob 'a\r\n2026-01-01T00:00:00Z error Fake: b' is damaged.", null).Count(letter => letter == '\n'));

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("The broker is gone.", new IOException("refused"));
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private static string Format(string message, Exception? error)
    {
        var writer = new StringWriter { NewLine = "\n" };
        new LineFormatter().Write(new LogEntry<string>(LogLevel.Warning, "Category", default, message, error, (state, _) => state), null, writer);
        return writer.ToString();
    }
}
