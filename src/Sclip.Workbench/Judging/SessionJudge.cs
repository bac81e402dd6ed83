using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>Judges names of a session by wishes and ground truth, and seeks better ones. What it holds for that are samples of features, and the ground truth.</summary>
/// <param name="session">The session.</param>
internal sealed class SessionJudge(Session session)
{
    private readonly LatestRequest _judging = new(), _suggesting = new();

    /// <summary>Features of pixels.</summary>
    public PixelSamples Samples => field ??= new PixelSamples(session);

    /// <summary>The ground truth; null where there is none.</summary>
    public TruthMaps? Truth { get; } = session.Setup.Truth is { } truth ? new TruthMaps(truth, session) : null;

    /// <summary>The class of a pixel by the ground truth; null where there is none, or it does not count. In the engine's turn.</summary>
    public string? TruthAt(SessionPicture picture, int x, int y) =>
        Truth?.Find(picture)?.At(x, y, picture.Size) is { } label and not TruthMap.Nothing ? Truth.Truth.Classes[label].Name : null;

    /// <summary>
    /// Judges names: wishes at their pixels (by label maps of the whole pictures where there is an area threshold, which goes by these), ground truth by label maps of its size; either no larger than <see cref="JudgedSize"/>.
    /// </summary>
    /// <exception cref="LabelSetException">The classes are no label set.</exception>
    /// <exception cref="WorkbenchException">A value is out of range, or a later request took the place of this one.</exception>
    public Task<Judgement> JudgeAsync(JudgeRequest request, CancellationToken cancellationToken)
    {
        var labels = Session.Read(request.Labels);
        var options = session.Options(request.Settings, labels);
        var wishes = PlacedWish.Place(session, labels, request.Wishes);
        return _judging.RunAsync(
            async token =>
            {
                var (embeddings, draft) = await session.Engine.AnswerAsync(turn =>
                {
                    Samples.Keep(wishes);
                    return session.Names.Of(labels, request.Settled, turn);
                }, token);
                var judging = new PictureJudging(session, labels, embeddings, options, wishes);
                await Turns.RunAsync(session.Engine, judging.Pictures.Count, judging.Judge, tell: null, token);
                var found = judging.Wishes;
                var held = found.Count(wish => wish.Held);
                return new Judgement(found, held, found.Count - held, request.Wishes.Count - found.Count, judging.Truth, draft);
            },
            session.Ended, cancellationToken);
    }

    /// <summary>Seeks changes of names and thresholds that fulfil more wishes, or are nearer to the ground truth; nothing is changed.</summary>
    /// <returns>What seeks them, and tells how far it is.</returns>
    /// <exception cref="LabelSetException">The classes are no label set, or a name to be tried cannot be one.</exception>
    /// <exception cref="WorkbenchException">A value is out of range, or there is nothing to judge by.</exception>
    public Func<Func<SuggestLine, Task>, CancellationToken, Task<SuggestLine>> Suggest(SuggestRequest request)
    {
        var search = new SuggestionSearch(session, request);
        return (tell, cancellationToken) => _suggesting.RunAsync(token => search.RunAsync(tell, token), session.Ended, cancellationToken);
    }
}
