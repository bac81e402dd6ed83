using Sclip.Contracts;

namespace Sclip.Formats.Formats;

/// <summary>A label of Cityscapes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its value in <c>labelIds</c>.</param>
/// <param name="TrainId">Its value in <c>labelTrainIds</c>; 255 is not trained.</param>
/// <param name="Color">Its colour.</param>
/// <param name="HasInstances">Whether its regions are told apart.</param>
internal sealed record CityscapesLabel(string Name, byte Id, byte TrainId, RgbColor Color, bool HasInstances = false);

/// <summary>The labels of Cityscapes, as its scripts define them.</summary>
internal static class CityscapesLabels
{
    public const byte Ignored = 255;

    private static readonly CityscapesLabel[] All =
    [
        new("unlabeled", 0, Ignored, new(0, 0, 0)),
        new("ego vehicle", 1, Ignored, new(0, 0, 0)),
        new("rectification border", 2, Ignored, new(0, 0, 0)),
        new("out of roi", 3, Ignored, new(0, 0, 0)),
        new("static", 4, Ignored, new(0, 0, 0)),
        new("dynamic", 5, Ignored, new(111, 74, 0)),
        new("ground", 6, Ignored, new(81, 0, 81)),
        new("road", 7, 0, new(128, 64, 128)),
        new("sidewalk", 8, 1, new(244, 35, 232)),
        new("parking", 9, Ignored, new(250, 170, 160)),
        new("rail track", 10, Ignored, new(230, 150, 140)),
        new("building", 11, 2, new(70, 70, 70)),
        new("wall", 12, 3, new(102, 102, 156)),
        new("fence", 13, 4, new(190, 153, 153)),
        new("guard rail", 14, Ignored, new(180, 165, 180)),
        new("bridge", 15, Ignored, new(150, 100, 100)),
        new("tunnel", 16, Ignored, new(150, 120, 90)),
        new("pole", 17, 5, new(153, 153, 153)),
        new("polegroup", 18, Ignored, new(153, 153, 153)),
        new("traffic light", 19, 6, new(250, 170, 30)),
        new("traffic sign", 20, 7, new(220, 220, 0)),
        new("vegetation", 21, 8, new(107, 142, 35)),
        new("terrain", 22, 9, new(152, 251, 152)),
        new("sky", 23, 10, new(70, 130, 180)),
        new("person", 24, 11, new(220, 20, 60), HasInstances: true),
        new("rider", 25, 12, new(255, 0, 0), HasInstances: true),
        new("car", 26, 13, new(0, 0, 142), HasInstances: true),
        new("truck", 27, 14, new(0, 0, 70), HasInstances: true),
        new("bus", 28, 15, new(0, 60, 100), HasInstances: true),
        new("caravan", 29, Ignored, new(0, 0, 90), HasInstances: true),
        new("trailer", 30, Ignored, new(0, 0, 110), HasInstances: true),
        new("train", 31, 16, new(0, 80, 100), HasInstances: true),
        new("motorcycle", 32, 17, new(0, 0, 230), HasInstances: true),
        new("bicycle", 33, 18, new(119, 11, 32), HasInstances: true),
    ];

    /// <summary>The label of what has no class.</summary>
    public static CityscapesLabel Unlabeled => All[0];

    /// <summary>
    /// The labels of classes: Cityscapes' own where each is one of them by a name or synonym, and then true; else numbered from 1, the class index to train.
    /// </summary>
    public static (CityscapesLabel[] Labels, bool AreOwn) Of(IReadOnlyList<LabelClass> classes, IReadOnlyList<bool> kept, IReadOnlyList<RgbColor> colors, IReadOnlyCollection<int> things)
    {
        var own = classes.Select((label, i) => kept[i] ? label.AllNames.Select(Find).FirstOrDefault(found => found is not null) : Unlabeled).OfType<CityscapesLabel>().ToArray();
        var areOwn = own.Length == classes.Count && own.Where((_, i) => kept[i]).Distinct().Count() == kept.Count(item => item);
        return (areOwn ? own : [.. classes.Select((label, i) => new CityscapesLabel(label.Name, (byte)(i + 1), (byte)i, colors[i], things.Contains(i)))], areOwn);
    }

    private static CityscapesLabel? Find(string name) => Array.Find(All, label => label.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
