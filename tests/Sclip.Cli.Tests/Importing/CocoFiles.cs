namespace Sclip.Cli.Tests.Importing;

/// <summary>COCO files of two pictures of 2 x 2 pixels.</summary>
internal static class CocoFiles
{
    /// <summary>Of <c>a.jpg</c> the left pixels are a cat and the lower right one is a dog; of <c>deep/b.png</c> the upper ones are a dog.</summary>
    public static string Two(string cat = "cat", string first = "a.jpg", string second = "deep/b.png") => $$"""
        {"images": [{"id": 1, "file_name": "{{first}}", "width": 2, "height": 2}, {"id": 2, "file_name": "{{second}}", "width": 2, "height": 2}],
         "categories": [{"id": 1, "name": "{{cat}}"}, {"id": 2, "name": "dog"}],
         "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[0, 0, 1, 0, 1, 2, 0, 2]]},
            {"id": 2, "image_id": 1, "category_id": 2, "segmentation": {"counts": [3, 1], "size": [2, 2]} },
            {"id": 3, "image_id": 2, "category_id": 2, "segmentation": [[0, 0, 2, 0, 2, 1, 0, 1]]}]}
        """;
}
