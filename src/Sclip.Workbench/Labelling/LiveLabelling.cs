using System.Diagnostics;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Labelling;

/// <summary>What is asked about names: the classes as they are typed, and what else may be changed.</summary>
internal record LabelQuery
{
    public required IReadOnlyList<LabelClass> Labels { get; init; }

    public LiveSettings Settings { get; init; } = new();

    /// <summary>Whether all templates are to be used for all names; else names that are new are embedded by a few.</summary>
    public bool Settled { get; init; }
}

/// <summary>Pictures that are to be labelled, small.</summary>
internal sealed record LabelRequest : LabelQuery
{
    public required IReadOnlyList<int> Pictures { get; init; }

    /// <summary>Pixels of the long side of a label map, at most.</summary>
    public int Side { get; init; } = 360;
}

/// <summary>Labels pictures of a session while their user types.</summary>
internal static class LiveLabelling
{
    /// <summary>Label maps of the pictures that are ready.</summary>
    /// <exception cref="LabelSetException">The classes are no label set.</exception>
    /// <exception cref="WorkbenchException">A value is out of range, or a later request took the place of this one.</exception>
    public static async Task<MapFrame> LabelAsync(Session session, LabelRequest request, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var labels = Session.Read(request.Labels);
        var options = session.Options(request.Settings, labels);
        MapFrame.CheckSide(request.Side);
        var pictures = request.Pictures.Distinct().Select(session.Picture).Where(picture => picture.Features is not null).ToArray();
        MapFrame.CheckSize(pictures, request.Side);
        return await session.LabelAsync(token =>
        {
            var (embeddings, draft) = session.Names.Of(labels, request.Settled, token);
            var frame = new MapFrame();
            foreach (var picture in pictures)
            {
                var (width, height) = MapFrame.Fit(picture.Size, request.Side);
                var result = session.Engine.Labeller.Label(picture.Features!, Input(picture, width, height), embeddings, options, token);
                frame.Add(picture.Index, width, height, result.LabelMap, result.PixelCounts);
            }
            frame.Finish(draft, Stopwatch.GetElapsedTime(start));
            return frame;
        }, cancellationToken);
    }

    /// <summary>A picture of which features are labelled, in a size of its own.</summary>
    public static SegmentationInput Input(SessionPicture picture, int width, int height) => new()
    {
        Rgb = default,
        Width = picture.Features!.Header.ModelWidth,
        Height = picture.Features.Header.ModelHeight,
        OutputWidth = width,
        OutputHeight = height,
    };
}
