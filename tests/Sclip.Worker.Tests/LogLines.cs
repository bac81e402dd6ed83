using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sclip.Worker.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _written = [];

    public IReadOnlyList<(LogLevel Level, string Text)> Written => [.. _written];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _written.Enqueue((logLevel, formatter(state, exception)));
}
