using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Control;
using Sclip.Hosting.Configuration;
using Sclip.Hosting.Messaging;

namespace Sclip.Cli.Jobs;

/// <summary>Where jobs stand, from their blobs; where one waits, the broker is asked why, if the configuration names one.</summary>
internal sealed class JobWatch
{
    private static readonly TimeSpan LookHolds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Blink = TimeSpan.FromSeconds(0.5);

    private readonly BrokerOptions? _broker;
    private readonly SemaphoreSlim _asking = new(1);
    private QueueLook _look = new([], null, null);
    private long? _looked;

    /// <summary>Reads which broker there is.</summary>
    public JobWatch()
    {
        var configuration = new ConfigurationBuilder().AddSclipEnvironment().Build();
        if (configuration[$"{BrokerOptions.Section}:{nameof(BrokerOptions.Uri)}"] is not { Length: > 0 })
            return;
        try
        {
            _broker = SclipOptions.Read<BrokerOptions>(configuration, BrokerOptions.Section);
        }
        catch (ConfigurationException error)
        {
            // Where jobs stand is in their blobs: that is told all the same.
            _look = new QueueLook([], error.Message, null);
        }
    }

    /// <summary>Where a job stands, and what it waits for.</summary>
    public async Task<JobStatus> ReadAsync(JobReader reader, JobDocument job, CancellationToken cancellationToken)
    {
        var status = await reader.ReadAsync(cancellationToken);
        if (status.State is not (JobState.Waiting or JobState.Running))
            return status;
        return WaitReason.Explain(status, job.IsUrgent(), _broker is null ? _look : await InspectAsync(_broker, cancellationToken));
    }

    /// <summary>The same for one look: a worker that is between two shards, with none at that moment, is given a moment.</summary>
    public async Task<JobStatus> ReadOnceAsync(JobReader reader, JobDocument job, CancellationToken cancellationToken)
    {
        var status = await ReadAsync(reader, job, cancellationToken);
        if (status is not { State: JobState.Waiting, WaitsFor: not JobWaitKind.Model })
            return status;
        await Task.Delay(Blink, cancellationToken);
        return await ReadAsync(reader, job, cancellationToken);
    }

    /// <summary>What the broker says; one question does for all jobs that are read at a time.</summary>
    private async Task<QueueLook> InspectAsync(BrokerOptions broker, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_looked is not { } looked || Stopwatch.GetElapsedTime(looked) > LookHolds)
                (_look, _looked) = (await AskAsync(broker, cancellationToken), Stopwatch.GetTimestamp());
            return _look;
        }
        finally
        {
            _asking.Release();
        }
    }

    private static async Task<QueueLook> AskAsync(BrokerOptions broker, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await BrokerConnection.OpenAsync(broker, "sclip: status", cancellationToken);
            return new QueueLook(await QueueReader.AskAsync(connection, broker, cancellationToken), null, null);
        }
        // Whatever the client throws: it does not say, and sockets, names and time limits have exceptions of their own.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new QueueLook([], QueueReader.Problem(broker, error), null);
        }
    }
}
