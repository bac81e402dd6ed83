using Sclip.Cli.Jobs;
using Sclip.Contracts;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher;
using Sclip.Formats;
using Sclip.Hosting.Configuration;

namespace Sclip.Cli.Exporting;

/// <summary>What the first argument of <c>sclip export</c> names: a folder where there is one, else a job in the store.</summary>
internal sealed class OpenedSource : IAsyncDisposable
{
    private readonly JobSession? _session;

    private OpenedSource(ExportSource source, JobSession? session) => (Source, _session) = (source, session);

    public ExportSource Source { get; }

    /// <exception cref="UserException">There is neither.</exception>
    public static async Task<OpenedSource> OpenAsync(string named, IReadOnlyList<LabelClass>? labels, CancellationToken cancellationToken)
    {
        if (Directory.Exists(named))
            return new OpenedSource(ExportSource.OfFolder(named, labels), null);
        if (!JobNames.IsId(named))
            throw new UserException($"There is no folder '{JobNames.Shown(named)}', and no job can have that id.");
        JobSession? session = null;
        try
        {
            session = JobSession.Open();
            var job = await session.FindAsync(named, cancellationToken);
            return new OpenedSource(await ExportSource.OfJobAsync(session.Stores, job, labels, cancellationToken), session);
        }
        catch (Exception error)
        {
            if (session is not null)
                await session.DisposeAsync();
            if (error is UserException or JobRequestException or ConfigurationException)
                throw new UserException($"There is no folder '{named}', and as a job: {error.Message}", error);
            throw;
        }
    }

    public ValueTask DisposeAsync() => _session?.DisposeAsync() ?? ValueTask.CompletedTask;
}
