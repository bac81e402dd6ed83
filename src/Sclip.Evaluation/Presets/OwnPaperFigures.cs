namespace Sclip.Evaluation.Presets;

/// <summary>
/// mIoU in percent that is printed of methods beside SCLIP's for ViT-B/16: of later ones by their own papers or
/// repositories, of earlier ones by the paper of SCLIP. They are not all measured alike: each table says what differs from the presets' settings.
/// </summary>
internal static class OwnPaperFigures
{
    private static readonly string[] Presets = ["voc21", "context60", "coco-object", "voc20", "cityscapes", "context59", "ade20k", "coco-stuff"];

    // A figure for each of those.
    private static readonly Dictionary<string, double?[]> ByMethod = new()
    {
        // As the paper of SCLIP prints them.
        ["clip-surgery"] = [null, null, null, null, 31.4, 29.3, null, 21.9],
        // With PAMR.
        ["naclip"] = [64.07, 34.99, 36.19, 83.03, 38.27, 38.35, 19.05, 25.69],
        ["resclip"] = [61.1, 33.5, 35.0, 86.0, 35.9, 36.8, 18.0, 24.7],
        ["sc-clip"] = [64.6, 36.8, 37.7, 84.3, 41.0, 40.1, 20.1, 26.6],
        // Of pictures cut to a square of 224 pixels, and of the 80 things of COCO.
        ["cliptrase"] = [50.9, 29.9, 43.6, 81.0, null, 33.8, 16.4, 22.8],
        // With texts by a language model, and with PAMR.
        ["itaclip:image-engineering"] = [67.9, 37.5, 37.7, null, 40.2, null, null, 27.0],
        // As lists of results quote its paper, which leave VOC20 out.
        ["rf-clip"] = [67.2, 37.9, 39.1, null, 43.0, 41.4, 21.0, 27.5],
        ["proxyclip"] = [61.3, 35.3, 37.5, 80.3, 38.1, 39.1, 20.2, 26.5],
        // As the paper of SCLIP prints them; by its repository no single checkpoint has the whole row.
        ["groupvit"] = [52.3, 18.7, 27.5, 79.7, 18.5, 23.4, 10.4, 15.3],
        ["tcl"] = [51.2, 24.3, 30.4, 77.5, 23.5, 30.3, 14.9, 19.6],
        ["segclip"] = [52.6, 24.7, 26.5, null, null, null, null, null],
    };

    /// <summary>What is printed of methods for a preset, by method; empty where nothing is.</summary>
    public static IEnumerable<KeyValuePair<string, double>> Of(string preset) => Array.IndexOf(Presets, preset) is >= 0 and var place
        ? ByMethod.Where(method => method.Value[place] is not null).Select(method => KeyValuePair.Create(method.Key, method.Value[place]!.Value))
        : [];
}
