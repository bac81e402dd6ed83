using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems.SegClip;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>SegCLIP against its authors' code.</summary>
public sealed class SegClipGoldenTests
{
    private static readonly TrainedGolden Set = new("segclip", "segclip.json");

    /// <summary>Index of the picture.</summary>
    public static TheoryData<int> Pictures => [.. Enumerable.Range(0, Set.Index["vision"]!.AsArray().Count)];

    /// <summary>Index of the picture.</summary>
    public static TheoryData<int> Slides => [.. Enumerable.Range(0, Set.Index["slide"]!.AsArray().Count)];

    [TrainedFact("segclip")]
    public void Text_features_are_the_authors()
    {
        using var model = Load();
        using var text = model.LoadText();
        var prompts = Prompts(model);
        foreach (var (expected, prompt) in Set.Ints(Set.Index["text"]!["ids"]).Chunk(model.Config.ContextLength).Zip(prompts))
            Assert.Equal(expected[..prompt.Length], prompt);
        var features = new float[prompts.Length * text.Dimension];
        text.Encode(prompts, features, TestContext.Current.CancellationToken);
        Set.AssertClose(Set.Index["text"]!["features"], features, "texts");
    }

    [TrainedTheory("segclip")]
    [MemberData(nameof(Pictures))]
    public void Stages_groups_and_features_are_the_authors(int index)
    {
        using var model = Load();
        using var algebra = new ManagedAlgebra(model.Threads);
        var node = Set.Index["vision"]![index]!;
        var what = node["image"]!.GetValue<string>();
        var segments = ((SegClipSystem)model.Trained!).Segments(Set.Window(model, node["image"], algebra), new SegClipWatch
        {
            First = x => Set.AssertClose(node["first_stage"], x.ToArray(), what),
            Centres = q => Set.AssertClose(node["centres"], q.ToArray(), what),
            Grouped = grouping =>
            {
                Set.AssertClose(node["assign_soft"], grouping.Soft.Transposed().ToArray(), what);
                Assert.Equal(Set.Ints(node["assign_group"]), grouping.Owner);
                Set.AssertClose(node["grouped"], grouping.Groups.ToArray(), what);
            },
            Second = x => Set.AssertClose(node["second_stage"], x.ToArray(), what),
        });
        Set.AssertClose(node["group_features"], segments.Features.ToArray(), what);
        Set.AssertClose(node["image_feature"], segments.Picture.ToArray(), what);
    }

    [TrainedTheory("segclip", engines: true)]
    [MemberData(nameof(Pictures))]
    public void Scores_and_label_maps_of_whole_pictures_are_the_authors(int index)
    {
        using var model = Load();
        var node = Set.Index["vision"]![index]!;
        foreach (var output in node["outputs"]!.AsArray())
        {
            var scores = Set.AssertLabels(model, Labels(model, output!["background"]!.GetValue<bool>()), node, output, crop: 0, stride: 0);
            Set.AssertClose(output["logits"], scores, output.ToJsonString());
        }
    }

    [TrainedTheory("segclip", engines: true)]
    [MemberData(nameof(Slides))]
    public void Label_maps_through_the_sliding_window_are_the_authors(int index)
    {
        using var model = Load();
        var node = Set.Index["slide"]![index]!;
        Set.AssertLabels(model, Labels(model, node["background"]!.GetValue<bool>()), node, node, node["crop"]!.GetValue<int>(), node["stride"]!.GetValue<int>());
    }

    private static ClipModel Load() => ClipModel.Load(Set.PathOf(JsonValue.Create("models/segclip")), threads: 2);

    private static int[][] Prompts(ClipModel model) =>
        [.. Set.Names.Select(name => model.Tokenizer.Tokenize(Set.Index["template"]!.GetValue<string>().Replace("{}", name, StringComparison.Ordinal)).Ids)];

    private static LabelEmbeddings Labels(ClipModel model, bool background)
    {
        var labels = LabelSet.Of([.. Set.Names.Select(name => new LabelClass { Name = name })]);
        var embedded = model.EmbedLabels(labels, model.Defaults.PromptsOf(given: null), null, cancellationToken: TestContext.Current.CancellationToken);
        return Set.Labels(embedded.Values, background);
    }
}
