using System.Diagnostics;
using System.Numerics.Tensors;
using Sclip.Segmentation;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Labelling;

/// <summary>A pixel of a picture, in pixels of the picture in its own size.</summary>
internal sealed record PixelRequest : LabelQuery
{
    public required int Picture { get; init; }

    public required int X { get; init; }

    public required int Y { get; init; }
}

/// <summary>A pixel whose like is looked for.</summary>
internal sealed record HeatRequest
{
    public required int Picture { get; init; }

    public required int X { get; init; }

    public required int Y { get; init; }

    public required IReadOnlyList<int> Pictures { get; init; }

    public int Side { get; init; } = 360;
}

/// <summary>What competes at a pixel.</summary>
/// <param name="Class">The class that it has.</param>
/// <param name="Probability">That of the class's best name, among all names.</param>
/// <param name="Names">The best names.</param>
/// <param name="Truth">Its class by the ground truth; null where there is none, or it does not count.</param>
internal sealed record PixelFinding(string Class, double Probability, IReadOnlyList<CompetingName> Names, string? Truth);

/// <summary>A name at a pixel.</summary>
internal sealed record CompetingName(string Name, string Class, double Cosine, double Probability);

/// <summary>Looks at one pixel: what competes there, and what is like it.</summary>
internal static class PixelInspection
{
    private const int MostNames = 5;

    // All patches have much in common: what is below the mean of the pictures is not worth a colour.
    private const double LeastRange = 0.05;

    /// <summary>The best names at a pixel.</summary>
    /// <exception cref="WorkbenchException">The picture is not ready, or the pixel lies outside of it.</exception>
    public static Task<PixelFinding> InspectAsync(Session session, PixelRequest request, Func<SessionPicture, int, int, string?> truth, CancellationToken cancellationToken)
    {
        var labels = Session.Read(request.Labels);
        var options = session.Options(request.Settings, labels);
        var picture = Check(session, request.Picture, request.X, request.Y);
        return session.Engine.AnswerAsync(token =>
        {
            var (embeddings, _) = session.Names.Of(labels, request.Settled, token);
            var feature = Feature(picture, request.X, request.Y);
            var cosines = new float[labels.Names.Count];
            for (var name = 0; name < cosines.Length; name++)
                cosines[name] = TensorPrimitives.Dot(feature, embeddings.Values.AsSpan(name * feature.Length, feature.Length));
            var probabilities = new float[cosines.Length];
            TensorPrimitives.Multiply(cosines, (float)options.LogitScale, probabilities);
            // SoftMax takes exponentials as they are, which leave the range of floats from 89 on: less the greatest, the shares are the same.
            TensorPrimitives.Subtract(probabilities, TensorPrimitives.Max<float>(probabilities), probabilities);
            TensorPrimitives.SoftMax(probabilities, probabilities);
            var best = TensorPrimitives.IndexOfMax<float>(cosines);
            // As the label map has it, but for the area threshold, which goes by the whole picture.
            var isUnsure = probabilities[best] < options.ProbabilityThreshold && labels.BackgroundClass is not null;
            return new PixelFinding(
                labels.Classes[isUnsure ? labels.BackgroundClass!.Value : labels.ClassOfName[best]].Name,
                Math.Round(probabilities[best], 4),
                [.. Enumerable.Range(0, cosines.Length).OrderByDescending(name => cosines[name]).Take(MostNames)
                    .Select(name => new CompetingName(labels.Names[name], labels.Classes[labels.ClassOfName[name]].Name, Math.Round(cosines[name], 4), Math.Round(probabilities[name], 4)))],
                truth(picture, request.X, request.Y));
        }, cancellationToken);
    }

    /// <summary>Where pictures are like a pixel: the cosine with its feature.</summary>
    /// <exception cref="WorkbenchException">The picture is not ready, or the pixel lies outside of it.</exception>
    public static Task<MapFrame> HeatAsync(Session session, HeatRequest request, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        MapFrame.CheckSide(request.Side);
        var picture = Check(session, request.Picture, request.X, request.Y);
        var pictures = request.Pictures.Distinct().Select(session.Picture).Where(other => other.Features is not null).ToArray();
        MapFrame.CheckSize(pictures, request.Side);
        return session.Engine.AnswerAsync(token =>
        {
            var feature = Feature(picture, request.X, request.Y);
            TensorPrimitives.Divide(feature, TensorPrimitives.Norm<float>(feature), feature);
            var maps = Array.ConvertAll(pictures, other =>
            {
                var (width, height) = MapFrame.Fit(other.Size, request.Side);
                return (other.Index, Width: width, Height: height, Cosines: session.Engine.Labeller.CosineMap(other.Features!, feature, width, height, token));
            });
            var low = Math.Min(maps.Length == 0 ? 0 : maps.Average(map => TensorPrimitives.Average<float>(map.Cosines)), 1 - LeastRange);
            var frame = new MapFrame();
            foreach (var (index, width, height, cosines) in maps)
                frame.Add(index, width, height, Array.ConvertAll(cosines, cosine => ToByte(cosine, low)), TensorPrimitives.Max<float>(cosines));
            frame.Finish(Math.Round(low, 4), 1, Stopwatch.GetElapsedTime(start));
            return frame;
        }, cancellationToken);
    }

    private static byte ToByte(float cosine, double low) => (byte)Math.Round(byte.MaxValue * Math.Clamp((cosine - low) / (1 - low), 0, 1));

    private static float[] Feature(SessionPicture picture, int x, int y)
    {
        var feature = new float[picture.Features!.Header.Dimension];
        new PixelFeatures(picture.Features).Read(x, y, feature);
        return feature;
    }

    private static SessionPicture Check(Session session, int index, int x, int y)
    {
        var picture = session.Picture(index);
        if (picture.Features is null)
            throw new WorkbenchException(409, $"{picture.Name} has no features{(picture.Error is { } error ? $": {error}" : " yet.")}");
        var (width, height) = picture.Size;
        return x >= 0 && y >= 0 && x < width && y < height
            ? picture
            : throw new WorkbenchException(400, $"The pixel {x},{y} lies outside {picture.Name}, which has {width} x {height} pixels.");
    }
}
