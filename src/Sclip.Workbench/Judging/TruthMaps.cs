using Sclip.Evaluation;
using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>The ground truth of a session's pictures, read when it is first asked for and held as a byte a pixel. Only in the engine's turn, and so by one at a time.</summary>
/// <param name="truth">The ground truth.</param>
/// <param name="session">The session.</param>
internal sealed class TruthMaps(SessionTruth truth, Session session)
{
    private const int MostClasses = TruthMap.Nothing;

    private readonly Dictionary<int, (TruthMap? Map, string? Error)> _maps = [];

    /// <summary>The classes.</summary>
    public SessionTruth Truth => truth;

    /// <summary>What is wrong with the first that cannot be read; null where nothing is known to be.</summary>
    public string? Error => _maps.OrderBy(item => item.Key).Select(item => item.Value.Error).FirstOrDefault(error => error is not null);

    /// <summary>The ground truth of a picture; null where it has none that can be read.</summary>
    public TruthMap? Find(SessionPicture picture)
    {
        if (!picture.HasTruth)
            return null;
        if (!_maps.TryGetValue(picture.Index, out var found))
            _maps[picture.Index] = found = Read(picture);
        return found.Map;
    }

    private (TruthMap? Map, string? Error) Read(SessionPicture picture)
    {
        if (truth.Classes.Count > MostClasses)
            return (null, $"the ground truth has {truth.Classes.Count} classes, and the workbench counts {MostClasses}.");
        try
        {
            var mask = truth.Masks.Read(picture.Name, session.Setup.Options.Limits, colors: null);
            var labels = new byte[mask.Labels.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                var value = mask.Labels[i];
                if (value < truth.Classes.Count && value != truth.Void)
                    labels[i] = (byte)value;
                else if (value == truth.Void || value == LabelMap.Nothing)
                    labels[i] = TruthMap.Nothing;
                else
                    return (null, $"{truth.Masks.PathOf(picture.Name)}: pixel ({i % mask.Width}, {i / mask.Width}) holds {value}, and the {truth.Classes.Count} classes are 0 to {truth.Classes.Count - 1}.");
            }
            return (new TruthMap(labels, mask.Width, mask.Height), null);
        }
        catch (EvaluationException error)
        {
            return (null, error.Message);
        }
    }
}

/// <summary>The ground truth of one picture.</summary>
/// <param name="Labels">The class of each pixel.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal sealed record TruthMap(byte[] Labels, int Width, int Height)
{
    /// <summary>The value of pixels that do not count.</summary>
    public const byte Nothing = byte.MaxValue;

    /// <summary>The class at a pixel of the picture, which may have another size.</summary>
    public byte At(int x, int y, (int Width, int Height) picture) => Labels[(long)y * Height / picture.Height * Width + (long)x * Width / picture.Width];
}
