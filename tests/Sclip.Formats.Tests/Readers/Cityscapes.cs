using System.Globalization;
using System.Text.Json.Nodes;

namespace Sclip.Formats.Tests.Readers;

/// <summary>What Cityscapes' scripts make of polygons, and CVAT and Datumaro of names.</summary>
internal static class Cityscapes
{
    private const string Group = "group";

    /// <summary>The label ids (json2labelImg): objects over one another, in their order. A name that is not known is tried without "group".</summary>
    public static int[] LabelIds(JsonNode polygons, IReadOnlyDictionary<string, int> ids) => Draw(polygons, label => ids[NameOf(label, ids)]);

    /// <summary>The instance ids (json2instanceImg): those of labels with instances are numbered in the order of the objects, but for groups.</summary>
    public static int[] InstanceIds(JsonNode polygons, IReadOnlyDictionary<string, int> ids, IReadOnlyCollection<string> things)
    {
        var counts = new Dictionary<string, int>();
        return Draw(polygons, label =>
        {
            var name = NameOf(label, ids);
            if (name != label || !things.Contains(name))
                return ids[name];
            counts[name] = counts.GetValueOrDefault(name) + 1;
            return ids[name] * 1000 + counts[name] - 1;
        });
    }

    /// <summary>The names of <c>label_colors.txt</c>, a line's number being the value in labelTrainIds: fields are split at white space, and no name is there twice.</summary>
    public static List<string> Names(string labelColors)
    {
        var names = new List<string>();
        foreach (var fields in labelColors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))
        {
            Assert.Equal(4, fields.Length);
            Assert.All(fields[..3], field => Assert.InRange(int.Parse(field, CultureInfo.InvariantCulture), 0, 255));
            Assert.DoesNotContain(fields[3], names);
            names.Add(fields[3]);
        }
        return names;
    }

    /// <summary>The same as the newest Datumaro has them: where no line is black, a background comes first.</summary>
    public static List<string> NewestNames(string labelColors)
    {
        var names = Names(labelColors);
        if (!labelColors.Split('\n').Any(line => line.StartsWith("0 0 0 ", StringComparison.Ordinal)))
        {
            names.Remove("background");
            names.Insert(0, "background");
        }
        return names;
    }

    private static string NameOf(string label, IReadOnlyDictionary<string, int> ids) => !ids.ContainsKey(label) && label.EndsWith(Group, StringComparison.Ordinal) ? label[..^Group.Length] : label;

    private static int[] Draw(JsonNode polygons, Func<string, int> valueOf)
    {
        var width = polygons["imgWidth"]!.GetValue<int>();
        var pixels = new int[width * polygons["imgHeight"]!.GetValue<int>()];
        foreach (var drawn in polygons["objects"]!.AsArray())
        {
            var value = valueOf(drawn!["label"]!.GetValue<string>());
            var points = drawn["polygon"]!.AsArray().Select(point => (point![0]!.GetValue<int>(), point[1]!.GetValue<int>())).ToArray();
            Assert.True(points.Length >= 3, $"{drawn["label"]} has {points.Length} corners");
            Pillow.Polygon(points, width, pixel => pixels[pixel] = value);
        }
        return pixels;
    }
}
