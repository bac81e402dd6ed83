using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Jobs;

/// <summary>Ends sessions that nobody asks for any more.</summary>
internal sealed partial class IdleSessions(WorkbenchOptions options, SessionStore sessions, ILogger<IdleSessions> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var idle = TimeSpan.FromMinutes(options.IdleMinutes);
        using var timer = new PeriodicTimer(idle / 4 < LongestPause ? idle / 4 : LongestPause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            foreach (var session in sessions.All.Where(session => session.Idle > idle))
                if (await sessions.TryEndAsync(session.Id))
                    LogEnded(session.Setup.Title, options.IdleMinutes);
    }

    [LoggerMessage(200, LogLevel.Information, "The session {Title} was ended: nobody has asked for it for {Minutes} minutes.")]
    private partial void LogEnded(string title, double minutes);
}
