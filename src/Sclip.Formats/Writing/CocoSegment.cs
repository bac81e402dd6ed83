using System.Text.Json;
using Sclip.Formats.Encodings;
using Sclip.Formats.Regions;

namespace Sclip.Formats.Writing;

/// <summary>An annotation of COCO with a segmentation, encoded but for its ids.</summary>
/// <param name="Region">What it covers.</param>
/// <param name="Segmentation">Its segmentation, as JSON.</param>
internal sealed record CocoSegment(Region Region, byte[] Segmentation)
{
    /// <summary>A region as compressed run lengths.</summary>
    public static byte[] Mask(RegionMap regions, Region region) =>
        Mask(CocoRle.Encode(regions.Ids, region.Index, regions.Width, regions.Height, region.Box), regions.Width, regions.Height);

    /// <summary>A segmentation as compressed run lengths.</summary>
    public static byte[] Mask(string counts, int width, int height) => JsonText.Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("size");
        json.WriteNumberValue(height);
        json.WriteNumberValue(width);
        json.WriteEndArray();
        json.WriteString("counts", counts);
        json.WriteEndObject();
    });

    /// <summary>A segmentation as a polygon.</summary>
    public static byte[] Polygon(IReadOnlyList<Vertex> ring) => JsonText.Bytes(json =>
    {
        json.WriteStartArray();
        json.WriteStartArray();
        foreach (var vertex in ring)
        {
            json.WriteNumberValue(JsonText.Rounded(vertex.X));
            json.WriteNumberValue(JsonText.Rounded(vertex.Y));
        }
        json.WriteEndArray();
        json.WriteEndArray();
    });

    /// <summary>Writes the annotation.</summary>
    public void Write(Utf8JsonWriter json, long id, long image)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", CocoDocument.CategoryOf(Region.Class));
        json.WritePropertyName("segmentation");
        json.WriteRawValue(Segmentation, skipInputValidation: true);
        json.WriteNumber("area", Region.Area);
        json.WriteBox(Region.Box);
        json.WriteNumber("iscrowd", 0);
        json.WriteEndObject();
    }
}
