using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Sclip.Hosting;

/// <summary>Logs of a service, a line an event: of an exception what it says, and where it came from only with SCLIP_DEBUG=1.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatName)
{
    public const string FormatName = "line";

    private static readonly bool Stacks = Environment.GetEnvironmentVariable("SCLIP_DEBUG") == "1";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'} {Level(logEntry.LogLevel)} {logEntry.Category}: {OneLine(message)}"));
        if (logEntry.Exception is { } error)
            textWriter.Write($" {OneLine(Stacks ? error.ToString() : Describe(error))}");
        textWriter.WriteLine();
    }

    /// <summary>What an exception and those behind it say, each once.</summary>
    private static string Describe(Exception error)
    {
        var messages = new List<string>();
        for (var cause = error; cause is not null; cause = cause.InnerException)
            if (!messages.Exists(known => known.Contains(cause.Message, StringComparison.Ordinal)))
                messages.Add(cause.Message);
        return $"({error.GetType().Name}: {string.Join(" < ", messages)})";
    }

    // Names of blobs and the like come from outside; a line end in one must not look like another event.
    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "error",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };
}
