using YamlDotNet.Serialization;

namespace Sclip.Formats.Tests.Readers;

/// <summary>YOLO's segmentation as ultralytics reads it, and where CVAT looks for labels.</summary>
internal sealed class Yolo
{
    private const string Images = "/images/", Labels = "/labels/";
    private readonly LabelledFolder _folder;
    private readonly Dictionary<object, object> _data;

    public Yolo(LabelledFolder folder)
    {
        _folder = folder;
        _data = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(folder.Text("data.yaml"));
        Assert.DoesNotContain("path", _data.Keys);
    }

    public IEnumerable<string> Keys => _data.Keys.Cast<string>();

    public IEnumerable<string> Names => ((Dictionary<object, object>)_data["names"]).Select(item => $"{item.Key}={item.Value}");

    /// <summary>The pictures of a part, by their whole paths: lines of a list that begin with "./" are below its folder, and every "./" in them is that folder.</summary>
    public string[] Pictures(string split) =>
    [
        .. _folder.Text((string)_data[split]).Trim().Split('\n').Select(line => line.StartsWith("./", StringComparison.Ordinal) ? line.Replace("./", $"{_folder.Out}/", StringComparison.Ordinal) : line),
    ];

    /// <summary>Where the label of a picture is looked for: the last folder called images is labels, and the last ending is another.</summary>
    public static string LabelOf(string picture)
    {
        var at = picture.LastIndexOf(Images, StringComparison.Ordinal);
        var path = at < 0 ? picture : picture[..at] + Labels + picture[(at + Images.Length)..];
        return path[..path.LastIndexOf('.')] + ".txt";
    }

    /// <summary>Where CVAT looks for it: below labels, as the picture is below images of the export.</summary>
    public string LabelOfCvat(string picture) => Path.Combine(_folder.Out, "labels", Path.ChangeExtension(Path.GetRelativePath(Path.Combine(_folder.Out, "images"), picture), ".txt"));

    /// <summary>What a label draws.</summary>
    public static Mask Read(string label, int width, int height)
    {
        var read = Mask.Empty(width, height);
        foreach (var numbers in File.ReadAllLines(label).Select(line => Polygon.Numbers(line, ' ').ToArray()))
        {
            // Lines of fewer are boxes.
            Assert.True(numbers.Length > 6);
            Assert.All(numbers[1..], number => Assert.InRange(number, 0, 1));
            read.Paint(Polygon.Fill(Polygon.Points(numbers[1..], width, height), width, height), (int)numbers[0]);
        }
        return read;
    }
}
