using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sclip.Contracts;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Http;

/// <summary>A session as the page is told of it.</summary>
internal sealed record SessionView
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public string? Job { get; init; }

    public required string Model { get; init; }

    public required string Method { get; init; }

    public required double LogitScale { get; init; }

    public required IReadOnlyList<PictureView> Pictures { get; init; }

    public required int Ready { get; init; }

    public required int Failed { get; init; }

    public double? SecondsLeft { get; init; }

    public TruthView? Truth { get; init; }

    public required LexiconView Lexicon { get; init; }

    public required IReadOnlyList<LabelClass> Labels { get; init; }

    public required LiveSettings Settings { get; init; }

    public string? SavesTo { get; init; }

    public JsonObject? State { get; init; }

    /// <summary>Whether nothing will change any more.</summary>
    [JsonIgnore]
    public bool IsSettled => Ready + Failed == Pictures.Count && Lexicon.Ready == Lexicon.Names;

    /// <param name="session">The session.</param>
    /// <param name="withState">Whether what the page put is told, too.</param>
    public static SessionView Of(Session session, bool withState)
    {
        var (setup, pictures) = (session.Setup, session.Pictures.Select(PictureView.Of).ToArray());
        var segmentation = setup.Options.Segmentation;
        return new SessionView
        {
            Id = session.Id,
            Title = setup.Title,
            Job = setup.Job,
            Model = setup.Model,
            Method = segmentation.Method,
            LogitScale = segmentation.LogitScale,
            Pictures = pictures,
            Ready = pictures.Count(picture => picture.State == SessionPictureState.Ready),
            Failed = pictures.Count(picture => picture.State == SessionPictureState.Failed),
            SecondsLeft = session.SecondsLeft is { } left ? Math.Round(left, 1) : null,
            Truth = setup.Truth is null ? null : new TruthView(pictures.Count(picture => picture.Truth)),
            Lexicon = new LexiconView(Sessions.Lexicon.Names.Count, session.Lexicon.Ready),
            Labels = setup.Labels,
            Settings = new LiveSettings { ProbabilityThreshold = segmentation.ProbabilityThreshold, AreaThreshold = segmentation.AreaThreshold },
            SavesTo = setup.LabelFile,
            State = withState ? session.State : null,
        };
    }
}

/// <summary>A picture of a session; its size is 0 until it is known.</summary>
internal sealed record PictureView(int Index, string Name, int Width, int Height, SessionPictureState State, string? Error, bool Truth)
{
    public static PictureView Of(SessionPicture picture) =>
        new(picture.Index, picture.Name, picture.Size.Width, picture.Size.Height, picture.State, picture.Error, picture.HasTruth);
}

/// <summary>The ground truth: how many pictures have it.</summary>
internal sealed record TruthView(int Pictures);

/// <summary>Names of the benchmarks' lists, and how many of them are embedded.</summary>
internal sealed record LexiconView(int Names, int Ready);

/// <summary>What there is.</summary>
internal sealed record WorkbenchView(bool Jobs, IReadOnlyList<SessionLine> Sessions);

/// <summary>A session in a list.</summary>
internal sealed record SessionLine(string Id, string Title, int Pictures, int Ready);
