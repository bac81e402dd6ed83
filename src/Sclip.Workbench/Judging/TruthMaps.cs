using Sclip.Evaluation;
using Sclip.Labels;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Judging;

/// <summary>The ground truth of a session's pictures, read when it is first asked for and held as a byte a pixel, of a large one as a sample (<see cref="JudgedSize"/>). Only in the engine's turn, and so by one at a time, but for <see cref="Error"/>.</summary>
/// <param name="truth">The ground truth.</param>
/// <param name="session">The session.</param>
internal sealed class TruthMaps(SessionTruth truth, Session session)
{
    private const int MostClasses = TruthMap.Nothing;

    private readonly Dictionary<int, TruthMap?> _maps = [];
    private volatile string? _error;

    /// <summary>The classes.</summary>
    public SessionTruth Truth => truth;

    /// <summary>What is wrong with the first that could not be read; null where nothing is known to be. At any time.</summary>
    public string? Error => _error;

    /// <summary>The ground truth of a picture; null where it has none that can be read.</summary>
    public TruthMap? Find(SessionPicture picture)
    {
        if (!picture.HasTruth)
            return null;
        if (!_maps.TryGetValue(picture.Index, out var found))
        {
            try
            {
                found = Read(picture);
            }
            catch (EvaluationException error)
            {
                _error ??= error.Message;
            }
            _maps[picture.Index] = found;
        }
        return found;
    }

    /// <exception cref="EvaluationException">It cannot be read.</exception>
    private TruthMap Read(SessionPicture picture)
    {
        if (truth.Classes.Count > MostClasses)
            throw new EvaluationException($"the ground truth has {truth.Classes.Count} classes, and the workbench counts {MostClasses}.");
        var mask = truth.Masks.Read(picture.Name, session.Setup.Options.Limits, colors: null);
        var wrong = Array.FindIndex(mask.Labels, value => value >= truth.Classes.Count && value != truth.Void && value != LabelMap.Nothing);
        if (wrong >= 0)
            throw new EvaluationException($"{truth.Masks.PathOf(picture.Name)}: pixel ({wrong % mask.Width}, {wrong / mask.Width}) holds {mask.Labels[wrong]}, and the {truth.Classes.Count} classes are 0 to {truth.Classes.Count - 1}.");
        var (width, height) = JudgedSize.Of((mask.Width, mask.Height));
        var labels = new byte[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                labels[y * width + x] = Value(mask.Labels[JudgedSize.Centre(y, height, mask.Height) * mask.Width + JudgedSize.Centre(x, width, mask.Width)]);
        return new TruthMap(labels, width, height);
    }

    private byte Value(ushort value) => value == truth.Void || value == LabelMap.Nothing ? TruthMap.Nothing : (byte)value;
}

/// <summary>The ground truth of one picture, or a sample of it.</summary>
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
