using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>
/// Seeks changes that fulfil more wishes or come nearer to the ground truth: synonyms to add, those to remove, another probability threshold. Each is tried by itself on
/// the names that were sent, at the wishes' pixels and at a sample of those with ground truth (<see cref="PixelSamples.MostOfPicture"/> a picture, each picture counting
/// alike; fewer where many would take more than <see cref="PixelSamples.MostBytes"/>), without the area threshold, which goes by whole pictures. When one is
/// taken, the others are to be sought again.
/// </summary>
internal sealed class SuggestionSearch
{
    private const int NamesAtOnce = 16;
    private const int Thresholds = 40;
    private const int Digits = 4;
    private const string WithoutArea = "Changes are tried without the area threshold, so what is held and mIoU may differ from the counts beside the list.";

    private readonly Session _session;
    private readonly SuggestRequest _request;
    private readonly LabelSet _labels;
    private readonly SegmentationOptions _options;
    private readonly IReadOnlyList<PlacedWish> _wishes;
    private readonly SessionPicture[] _pictures;
    private readonly Candidates _candidates;

    /// <param name="session">The session; nothing of it is changed.</param>
    /// <param name="request">Names, wishes, and what is tried.</param>
    /// <exception cref="LabelSetException">The classes are no label set, or a name cannot be one.</exception>
    /// <exception cref="WorkbenchException">A value is out of range, or there is nothing to judge by.</exception>
    public SuggestionSearch(Session session, SuggestRequest request)
    {
        (_session, _request, _labels) = (session, request, Session.Read(request.Labels));
        _options = session.Options(request.Settings, _labels);
        _wishes = PlacedWish.Place(session, _labels, request.Wishes);
        _pictures = [.. session.Pictures.Where(picture => picture is { HasTruth: true, Features: not null })];
        if (_wishes.Count + _pictures.Length < 2)
            throw new WorkbenchException(400, "There is too little to judge a change by: mark wishes first, two at least on pictures that are ready (say of a pixel or a rectangle which class it should be), or give ground truth of some pictures.");
        _candidates = new Candidates(_labels, request.Pool, request.Lexicon);
    }

    /// <summary>Seeks.</summary>
    /// <param name="tell">Hears how far it is.</param>
    /// <param name="cancellationToken">Checked between pieces.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="WorkbenchException">There is nothing to judge by, after all.</exception>
    public async Task<SuggestLine> RunAsync(Func<SuggestLine, Task> tell, CancellationToken cancellationToken)
    {
        var engine = _session.Engine;
        var missing = _labels.Names.Concat(_candidates.All.Select(candidate => candidate.Name)).Where(name => !_session.Names.Knows(name)).ToArray();
        // Embedding a name takes a hundred times as long as trying it.
        var embedded = missing.Length == 0 ? 0 : missing.Length / (missing.Length + 10.0);
        await StageAsync("embedding names", 0, embedded, missing.Length, (i, token) => _session.Lexicon.Learn(missing[i], token));
        _session.Change();
        var looked = embedded + (1 - embedded) / 2;
        var (truth, wishes) = (new List<TruthSample>(), new List<(PlacedWish, float[])>());
        await StageAsync("looking at pictures", embedded, looked, _pictures.Length + _wishes.Count, (i, _) =>
        {
            if (i >= _pictures.Length)
                wishes.Add((_wishes[i - _pictures.Length], _session.Judge.Samples.Of(_wishes[i - _pictures.Length])));
            else if (_session.Judge.Samples.Of(_pictures[i], _session.Judge.Truth!) is { } sample)
                truth.Add(sample);
        });
        if (wishes.Count + truth.Count < 2)
            throw new WorkbenchException(400, $"There is too little to judge a change by: {_session.Judge.Truth?.Error}");
        var trial = await engine.AnswerAsync(token =>
        {
            _session.Judge.Samples.Keep(_wishes);
            var embeddings = _session.Names.Of(_labels, settled: true, token).Embeddings;
            var match = truth.Count > 0 ? new ClassMatch(_labels, _session.Judge.Truth!.Truth.Classes) : null;
            var samples = new TrialSamples(truth, match, wishes, embeddings.Dimension, engine.Model.ThreadCount);
            return (Samples: samples, Trial: new Trial(samples, embeddings, _options, token));
        }, cancellationToken);
        var ranking = new Ranking(_candidates);
        var changes = _candidates.All.Select(candidate => (candidate.Name, Candidate: (Candidate?)candidate))
            .Concat(_labels.Classes.SelectMany(item => item.Synonyms).Select(name => (Name: name, Candidate: (Candidate?)null))).Chunk(NamesAtOnce).ToArray();
        await StageAsync("trying names", looked, 1, changes.Length, (i, token) => TryNames(trial.Samples, trial.Trial, changes[i], ranking, token));
        if (_labels.BackgroundClass is not null)
            await engine.AnswerAsync(_ => TryThresholds(trial.Trial, ranking), cancellationToken);
        return new SuggestLine { Tried = ranking.Tried, Suggestions = [.. ranking.Best().Select(best => SuggestionOf(best.Finding, best.OnOthers, trial.Trial.Before))], Note = _options.AreaThreshold > 0 ? WithoutArea : null };

        Task StageAsync(string doing, double from, double to, int pieces, Action<int, CancellationToken> work) =>
            Turns.RunAsync(engine, pieces, work, done => tell(new SuggestLine { Progress = Math.Round(from + (to - from) * done / pieces, Digits), Doing = doing }), cancellationToken);
    }

    private void TryNames(TrialSamples samples, Trial trial, (string Name, Candidate? Candidate)[] changes, Ranking ranking, CancellationToken cancellationToken)
    {
        var embeddings = Array.ConvertAll(changes, change => _session.Names.Of(change.Name, cancellationToken));
        var cosines = samples.Cosines(embeddings, cancellationToken);
        Parallel.For(0, changes.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = _session.Engine.Model.ThreadCount }, i =>
        {
            var (name, candidate) = changes[i];
            if (candidate is null)
            {
                var index = _labels.Names.Index().First(item => item.Item == name).Index;
                ranking.Add(new Finding(ChangeKind.Remove, _labels.ClassOfName[index], name, null, embeddings[i]), trial.GainOf(trial.Without(index, cosines[i]), winner: null));
                return;
            }
            var tally = trial.With(cosines[i]);
            foreach (var label in candidate.Classes ?? Enumerable.Range(0, _labels.Classes.Count))
                ranking.Add(new Finding(ChangeKind.Add, label, name, null, embeddings[i]), trial.GainOf(tally, label));
        });
    }

    /// <summary>Thresholds at which equal shares of the samples change sides.</summary>
    private bool TryThresholds(Trial trial, Ranking ranking)
    {
        var probabilities = trial.Probabilities;
        Array.Sort(probabilities);
        var values = Enumerable.Range(0, Thresholds).Select(i => i == 0 ? 0 : Math.Round(probabilities[(long)i * probabilities.Length / Thresholds], Digits))
            .Where(value => value is >= 0 and <= 1 && value != _request.Settings.ProbabilityThreshold).Distinct();
        foreach (var value in values)
            ranking.Add(new Finding(ChangeKind.Threshold, null, null, value, []), trial.GainOf(trial.Under((float)value), winner: null));
        return true;
    }

    private Suggestion SuggestionOf(Finding finding, CrossValidation? onOthers, Standing before)
    {
        var (label, gain) = (finding.Class is { } index ? _labels.Classes[index].Name : null, finding.Gain!);
        var old = _request.Settings.ProbabilityThreshold;
        return new Suggestion
        {
            Change = finding.Change,
            Class = label,
            Name = finding.Name,
            Value = finding.Value,
            Text = finding.Change switch
            {
                ChangeKind.Add => $"add the synonym '{finding.Name}' to {label}",
                ChangeKind.Remove => $"remove the synonym '{finding.Name}' from {label}",
                _ => FormattableString.Invariant($"{(finding.Value > old ? "raise" : "lower")} the probability threshold from {old} to {finding.Value}"),
            },
            HeldBefore = before.Held,
            Held = gain.Held,
            MiouBefore = Rounded(before.Miou),
            Miou = Rounded(gain.Miou),
            CrossValidated = Rounded(onOthers?.Gain),
            Folds = onOthers?.Folds,
            FoldsBetter = onOthers?.Better,
            Labels = [.. _labels.Classes.Select((item, i) => i != finding.Class ? item : finding.Change == ChangeKind.Add
                ? item with { Synonyms = [.. item.Synonyms, finding.Name!] }
                : item with { Synonyms = [.. item.Synonyms.Where(name => name != finding.Name)] })],
            Settings = finding.Value is { } value ? _request.Settings with { ProbabilityThreshold = value } : _request.Settings,
        };

        static double? Rounded(double? value) => value is { } given ? Math.Round(given, Digits) : null;
    }
}

/// <summary>A change that was tried.</summary>
/// <param name="Change">What it does.</param>
/// <param name="Class">To which class; null of a threshold.</param>
/// <param name="Name">The synonym.</param>
/// <param name="Value">The threshold.</param>
/// <param name="Embedding">The synonym's.</param>
internal sealed record Finding(ChangeKind Change, int? Class, string? Name, double? Value, float[] Embedding)
{
    /// <summary>What it gains.</summary>
    public Gain? Gain { get; init; }
}
