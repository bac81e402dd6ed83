using Sclip.Evaluation.Datasets;

namespace Sclip.Evaluation.Presets;

/// <summary>How the data sets of the benchmarks lie on disk: prepared as for MMSegmentation, and where that differs, as their publishers have them.</summary>
internal static class PresetLayouts
{
    /// <summary>Ids that COCO-Stuff leaves out of its 0..181: object categories that were never annotated.</summary>
    private static readonly int[] CocoUnused = [11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90];

    /// <summary>Cityscapes' ids of the 19 classes, in their order.</summary>
    private static readonly int[] CityscapesIds = [7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33];

    /// <summary>COCO-Stuff's ids of the 171 classes, in their order: 80 objects, then 91 of stuff.</summary>
    private static readonly int[] CocoIds = [.. Enumerable.Range(0, 182).Except(CocoUnused)];

    public static DataSetLayout Voc21 { get; } = Voc(LabelTable.Indices(21));

    public static DataSetLayout Voc20 { get; } = Voc(LabelTable.WithoutZero(20));

    public static DataSetLayout Context60 { get; } = Context(LabelTable.Indices(60));

    public static DataSetLayout Context59 { get; } = Context(LabelTable.WithoutZero(59));

    public static DataSetLayout CocoStuff { get; } = Coco(
        ("_labelTrainIds.png", LabelTable.Indices(171)),
        (".png", LabelTable.Of(CocoIds.Select((id, index) => (id, (int?)index)))));

    /// <summary>The 80 objects of COCO-Stuff; all else, unlabelled pixels too, is background.</summary>
    public static DataSetLayout CocoObject { get; } = Coco(
        ("_instanceTrainIds.png", LabelTable.Indices(81)),
        ("_labelTrainIds.png", LabelTable.Of(Enumerable.Range(0, 171).Append(255).Select(index => (index, (int?)ObjectOf(index))), ignore: null)),
        (".png", LabelTable.Of(CocoIds.Select((id, index) => (id, (int?)ObjectOf(index))).Append((255, 0)), ignore: null)));

    public static DataSetLayout Cityscapes { get; } = new()
    {
        Roots = ["cityscapes"],
        Pictures = ["leftImg8bit/val"],
        PictureSuffix = "_leftImg8bit.png",
        Nested = true,
        GroundTruth =
        [
            new("gtFine/val", "_gtFine_labelTrainIds.png", LabelTable.Indices(19)),
            new("gtFine/val", "_gtFine_labelIds.png", LabelTable.Of(Enumerable.Range(0, 34).Select(id => (id, Array.IndexOf(CityscapesIds, id) is >= 0 and var index ? index : (int?)null)))),
        ],
    };

    public static DataSetLayout Ade20K { get; } = new()
    {
        Roots = ["ADEChallengeData2016", "ade/ADEChallengeData2016"],
        Pictures = ["images/validation"],
        GroundTruth = [new("annotations/validation", ".png", LabelTable.WithoutZero(150))],
    };

    private static DataSetLayout Voc(LabelTable table) => new()
    {
        Roots = ["VOC2012", "VOCdevkit/VOC2012"],
        Pictures = ["JPEGImages"],
        GroundTruth = [new("SegmentationClass", ".png", table)],
        Split = "ImageSets/Segmentation/val.txt",
    };

    private static DataSetLayout Context(LabelTable table) => new()
    {
        Roots = ["VOC2010", "VOCdevkit/VOC2010"],
        Pictures = ["JPEGImages"],
        GroundTruth = [new("SegmentationClassContext", ".png", table)],
        Split = "ImageSets/SegmentationContext/val.txt",
    };

    private static DataSetLayout Coco(params (string Suffix, LabelTable Table)[] forms) => new()
    {
        Roots = ["coco_stuff164k", "coco_object", "coco"],
        Pictures = ["images/val2017", "val2017"],
        GroundTruth = [.. ((string[])["annotations/val2017", "stuffthingmaps/val2017"]).SelectMany(folder => forms.Select(form => new GroundTruthForm(folder, form.Suffix, form.Table)))],
    };

    private static int ObjectOf(int index) => index < 80 ? index + 1 : 0;
}
