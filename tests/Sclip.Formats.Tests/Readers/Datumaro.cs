using System.Text.Json.Nodes;

namespace Sclip.Formats.Tests.Readers;

/// <summary>Datumaro's own JSON.</summary>
internal static class Datumaro
{
    /// <summary>The names of the classes; an id is a place among them.</summary>
    public static string[] Labels(JsonNode document) => [.. document["categories"]!["label"]!["labels"]!.AsArray().Select(label => label!["name"]!.GetValue<string>())];

    /// <summary>The items: the path of the picture below those of the part, and its mask.</summary>
    public static IEnumerable<(string Id, string Path, Mask Mask)> Items(JsonNode document)
    {
        foreach (var item in document["items"]!.AsArray())
        {
            var size = item!["image"]!["size"]!.AsArray();
            var mask = Mask.Empty(size[1]!.GetValue<int>(), size[0]!.GetValue<int>());
            foreach (var annotation in item["annotations"]!.AsArray())
            {
                Assert.Equal("mask", annotation!["type"]!.GetValue<string>());
                Assert.NotNull(annotation["z_order"]);
                Assert.NotNull(annotation["group"]);
                mask.Paint(Coco.Pixels(annotation["rle"]!, mask.Width, mask.Height), annotation["label_id"]!.GetValue<int>());
            }
            yield return (item["id"]!.GetValue<string>(), item["image"]!["path"]!.GetValue<string>(), mask);
        }
    }
}
