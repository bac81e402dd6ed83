using System.Text.Json.Nodes;
using Sclip.Formats.Tests.Readers;

namespace Sclip.Formats.Tests.Formats;

/// <summary>COCO of SA-1B's kind.</summary>
public sealed class SamTests
{
    [Fact]
    public async Task A_json_beside_each_picture_has_a_mask_a_region_with_its_class()
    {
        using var folder = OddNames.Folder();
        await folder.ExportAsync("coco-sam");
        foreach (var ((picture, mask), number) in OddNames.Pictures.Select((item, i) => (item, i + 1)))
        {
            var document = JsonNode.Parse(folder.Text(Path.ChangeExtension(folder.PlaceOf("coco-sam", picture, "train"), "json")))!;
            var image = document["image"]!;
            Assert.Equal((number, picture), (image["image_id"]!.GetValue<int>(), image["file_name"]!.GetValue<string>()));
            var read = Mask.Empty(image["width"]!.GetValue<int>(), image["height"]!.GetValue<int>());
            foreach (var annotation in document["annotations"]!.AsArray())
            {
                // What SAM alone knows is not made up.
                Assert.Equal(["id", "segmentation", "bbox", "area", "category_id", "category_name"], annotation!.AsObject().Select(member => member.Key));
                var pixels = Coco.Pixels(annotation["segmentation"]!.AsObject(), read.Width, read.Height).ToArray();
                Assert.Equal(pixels.Length, annotation["area"]!.GetValue<int>());
                var (left, top) = (pixels.Min(i => i % read.Width), pixels.Min(i => i / read.Width));
                Assert.Equal([left, top, pixels.Max(i => i % read.Width) - left + 1, pixels.Max(i => i / read.Width) - top + 1], annotation["bbox"]!.AsArray().Select(number => number!.GetValue<int>()));
                var label = annotation["category_id"]!.GetValue<int>() - 1;
                Assert.Equal(OddNames.Classes[label].Name, annotation["category_name"]!.GetValue<string>());
                read.Paint(pixels, label);
            }
            read.AssertIs(mask, picture);
        }
    }
}
