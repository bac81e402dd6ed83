using System.Text.Json.Nodes;
using Sclip.Contracts.Jobs;
using Sclip.Imaging;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Storage;
using Sclip.Workbench.Engines;
using Sclip.Workbench.Judging;

namespace Sclip.Workbench.Sessions;

/// <summary>A few pictures whose features are held, so that they are labelled anew while class names are typed.</summary>
public sealed class Session : IAsyncDisposable
{
    /// <summary>The most names of a label set: all of them are compared with all patches at each keystroke.</summary>
    public const int MostNames = 1000;

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _decoding = new(2);
    private readonly Lock _gate = new();
    private readonly SessionState _state;
    private readonly LatestRequest _labelling = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;
    private long _asked = Environment.TickCount64;

    /// <param name="id">How it is asked for.</param>
    /// <param name="setup">What it begins with.</param>
    /// <param name="engine">What computes; it stays the caller's.</param>
    /// <exception cref="WorkbenchException">There are no pictures, or too many.</exception>
    /// <exception cref="SegmentationException">The settings do not fit the model.</exception>
    public Session(string id, SessionSetup setup, WorkbenchEngine engine)
    {
        if (setup.Pictures.Count is 0 or > SessionSetup.MostPictures)
            throw new WorkbenchException(400, $"A session has 1 to {SessionSetup.MostPictures} pictures; these are {setup.Pictures.Count}. Name those that are typical.");
        setup.Options.Segmentation.Validate(engine.Model, keepsFeatures: true);
        if (setup.Options.Segmentation.PamrSteps > 0)
            throw new WorkbenchException(400, "The workbench shows masks without PAMR, which needs the pixels: leave --pamr to the run that labels everything.");
        (Id, Setup, Engine, Names, _state) = (id, setup, engine, new NameEmbeddings(engine, setup.Templates), new SessionState(setup.StateFile));
        Pictures = [.. setup.Pictures.Select((picture, i) => new SessionPicture(i, picture, setup.Truth?.Masks.Has(picture.Name) ?? false))];
        Lexicon = new Lexicon(this);
        Judge = new SessionJudge(this);
    }

    /// <summary>How it is asked for.</summary>
    public string Id { get; }

    /// <summary>What it began with.</summary>
    public SessionSetup Setup { get; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Begun { get; } = DateTimeOffset.UtcNow;

    /// <summary>Ends with the session.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>What is let go once it has ended: its hold on an engine that it shares.</summary>
    internal IDisposable? Held { get; init; }

    /// <summary>Time since somebody last asked for it.</summary>
    internal TimeSpan Idle => TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _asked));

    internal WorkbenchEngine Engine { get; }

    internal NameEmbeddings Names { get; }

    internal Lexicon Lexicon { get; }

    internal SessionJudge Judge { get; }

    internal IReadOnlyList<SessionPicture> Pictures { get; }

    /// <summary>Seconds until all features are there, by those computed so far; null where that cannot be told, or none are left.</summary>
    internal double? SecondsLeft { get; set; }

    /// <summary>The label file that was saved last; null where none was.</summary>
    internal byte[]? Saved { get; set; }

    /// <summary>What the page put last.</summary>
    internal JsonObject? State => _state.Value;

    /// <summary>Begins to compute features, then names ahead.</summary>
    public void Begin() => _work = Task.Run(async () =>
    {
        try
        {
            await new FeatureComputation(this).RunAsync(_end.Token);
            await Lexicon.LearnAsync(_end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // It was ended.
        }
        catch (Exception error)
        {
            // Whatever it was, nobody is to wait for what will not come.
            foreach (var picture in Pictures.Where(picture => picture.State == SessionPictureState.Waiting))
                picture.Fail($"the engine has ended: {error.Message}");
            Change();
        }
    });

    /// <summary>Keeps what the page puts.</summary>
    internal void Put(JsonObject state) => _state.Put(state);

    /// <summary>Takes down that somebody asked for it.</summary>
    internal void Touch() => Volatile.Write(ref _asked, Environment.TickCount64);

    /// <summary>Tells who follows that something changed.</summary>
    internal void Change()
    {
        TaskCompletionSource changed;
        lock (_gate)
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.SetResult();
    }

    /// <summary>Ends with the next change; asked for before what is there now is read.</summary>
    internal Task NextChange()
    {
        lock (_gate)
            return _changed.Task;
    }

    /// <summary>Does what masks are shown by: of several who ask at the same time the last one counts.</summary>
    /// <exception cref="WorkbenchException">A later one took its place.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal Task<T> LabelAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken) =>
        _labelling.RunAsync(token => Engine.AnswerAsync(work, token), _end.Token, cancellationToken);

    /// <summary>Makes something of a picture's pixels; few at a time, since a decoded picture may be large.</summary>
    /// <exception cref="ImageDecodeException">It cannot be decoded.</exception>
    /// <exception cref="BlobStoreException">It cannot be read.</exception>
    internal async Task<T> ShowAsync<T>(SessionPicture picture, Func<RgbImage, T> make, CancellationToken cancellationToken)
    {
        var options = Setup.Options;
        await _decoding.WaitAsync(cancellationToken);
        try
        {
            var file = await picture.Reference.Store.ReadAsync(picture.Reference.BlobName, options.Limits.MaxFileBytes, cancellationToken);
            return await options.Decoder.RunAsync(picture.Name, token => make(options.Decoder.Decode(file.Bytes, options.Limits, token)), cancellationToken);
        }
        finally
        {
            _decoding.Release();
        }
    }

    /// <summary>Reads a label set of a request.</summary>
    /// <exception cref="LabelSetException">It is none.</exception>
    /// <exception cref="WorkbenchException">It has too many names.</exception>
    internal static LabelSet Read(IReadOnlyList<Contracts.LabelClass> labels)
    {
        var set = LabelSet.Of(labels);
        return set.Names.Count <= MostNames ? set : throw new WorkbenchException(400, $"The classes have {set.Names.Count} names with their synonyms; the workbench takes {MostNames}.");
    }

    /// <summary>The session's options with what was changed.</summary>
    /// <exception cref="WorkbenchException">A value is out of range, or needs a background that there is none of.</exception>
    internal SegmentationOptions Options(LiveSettings settings, LabelSet labels)
    {
        var options = Setup.Options.Segmentation with
        {
            ProbabilityThreshold = settings.ProbabilityThreshold,
            AreaThreshold = settings.AreaThreshold,
            LogitScale = settings.LogitScale ?? Setup.Options.Segmentation.LogitScale,
        };
        try
        {
            options.Validate();
        }
        catch (SegmentationException error)
        {
            throw new WorkbenchException(400, error.Message);
        }
        return SettingRanges.Background(options.ProbabilityThreshold, options.AreaThreshold, labels.BackgroundClass is not null) is { } refusal
            ? throw new WorkbenchException(400, refusal)
            : options;
    }

    /// <summary>A picture of a request.</summary>
    /// <exception cref="WorkbenchException">There is no such picture.</exception>
    internal SessionPicture Picture(int index) =>
        index >= 0 && index < Pictures.Count ? Pictures[index] : throw new WorkbenchException(404, $"There is no picture {index}; they are 0 to {Pictures.Count - 1}.");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Change();
        Setup.Budget.Give(Pictures.Sum(picture => picture.Features is { } features ? FeatureFile.SizeOf(features.Header) : 0));
        Held?.Dispose();
        // Neither the source nor the semaphore is disposed of: they have no handles, and requests may still hold or await them.
    }
}
