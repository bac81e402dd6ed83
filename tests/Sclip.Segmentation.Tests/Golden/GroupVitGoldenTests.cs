using System.Text.Json.Nodes;
using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Systems;
using Sclip.Segmentation.Systems.GroupVit;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>GroupViT against its authors' code, and against Hugging Face's where that says something else.</summary>
public sealed class GroupVitGoldenTests
{
    private static readonly TrainedGolden Set = new("groupvit", "groupvit.json");

    private static JsonNode Models => Set.Index["models"]!;

    /// <summary>Model, index of the picture.</summary>
    public static TheoryData<string, int> Pictures => Cases("vision");

    /// <summary>Model, index of the picture.</summary>
    public static TheoryData<string, int> Slides => Cases("slide");

    /// <summary>Model, index of the prompts.</summary>
    public static TheoryData<string, int> Texts => Cases("text");

    [TrainedTheory("groupvit")]
    [MemberData(nameof(Texts))]
    public void Text_features_and_embeddings_of_names_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        using var text = model.LoadText();
        var node = Models[name]!["text"]![index]!;
        var templates = PromptTemplates.Of(Golden.Strings(Set.Index["templates"]![node["templates"]!.GetValue<string>()]));
        int[][] prompts = [.. Set.Names.SelectMany(label => templates.Texts.Select((_, template) => model.Tokenizer.Tokenize(templates.Prompt(template, label)).Ids))];
        foreach (var (expected, prompt) in Set.Ints(node["ids"]).Chunk(model.Config.ContextLength).Zip(prompts))
            Assert.Equal(expected[..prompt.Length], prompt);
        var features = new float[prompts.Length * text.Dimension];
        text.Encode(prompts, features, TestContext.Current.CancellationToken);
        Set.AssertClose(node["features"], features, name);
        var embeddings = model.EmbedLabels(LabelSet.Of([.. Set.Names.Select(label => new LabelClass { Name = label })]), templates, null, cancellationToken: TestContext.Current.CancellationToken);
        Set.AssertClose(node["embeddings"], embeddings.Values, name);
    }

    [TrainedTheory("groupvit")]
    [MemberData(nameof(Pictures))]
    public void Stages_groups_and_features_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        using var algebra = new ManagedAlgebra(model.Threads);
        var (node, blocks) = (Models[name]!["vision"]![index]!, new Dictionary<int, int>());
        var segments = ((GroupVitSystem)model.Trained!).Segments(Set.Window(model, node["image"], algebra), new GroupVitWatch
        {
            Embedded = x => Set.AssertClose(node["embeddings"], x.ToArray(), name),
            AfterBlock = (stage, x) =>
            {
                if (node["stages"]![stage]!["after_block"] is { } after)
                    Set.AssertClose(after[blocks[stage] = blocks.GetValueOrDefault(stage, -1) + 1], x.ToArray(), name);
            },
            Grouped = (stage, tokens, grouping) =>
            {
                var expected = node["stages"]![stage]!;
                Set.AssertClose(expected["group_tokens"], tokens.ToArray(), name);
                Set.AssertClose(expected["grouped"], grouping.Groups.ToArray(), name);
                Set.AssertClose(expected["assign_soft"], grouping.Soft.Transposed().ToArray(), name);
                Assert.Equal(Set.Ints(expected["assign_group"]), grouping.Owner);
            },
        });
        foreach (var (stage, count) in blocks)
            Assert.Equal(node["stages"]![stage]!["after_block"]!.AsArray().Count, count + 1);
        Set.AssertClose(node["group_features"], segments.Features.ToArray(), name);
        Set.AssertClose(node["image_feature"], segments.Picture.ToArray(), name);
        var size = Golden.Ints(node["size"]);
        var stretched = algebra.From(GroupScores.Stretched(segments, new(size[0], size[1])), size[0] * size[1], segments.Map.Columns);
        Set.AssertClose(node["final_group_map"], stretched.Transposed().ToArray(), name);
        Close.AssertLabels(
            Set.Bytes(node["final_group_argmax"]), [.. GroupScores.Owners(segments, new(size[0], size[1])).Select(owner => (ushort)owner)], pixel => Margin(stretched, pixel), name);
    }

    [TrainedTheory("groupvit", engines: true)]
    [MemberData(nameof(Pictures))]
    public void Scores_and_label_maps_of_whole_pictures_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        var node = Models[name]!["vision"]![index]!;
        var size = Golden.Ints(node["size"]);
        foreach (var output in node["outputs"]!.AsArray())
        {
            var background = output!["background"]!.GetValue<bool>();
            var labels = Set.Labels(Embeddings(name, output), background);
            var scores = Set.AssertLabels(model, labels, node, output, crop: 0, stride: 0);
            if (output["logits_per_group"] is null)
                continue;
            // A pixel's scores are those of its segment.
            var (expected, owners) = (Set.Floats(output["logits_per_group"]), Set.Bytes(node["final_group_argmax"]));
            for (var pixel = 0; pixel < owners.Length; pixel++)
                for (var label = 0; label < labels.ClassCount; label++)
                    Assert.Equal(expected[owners[pixel] * labels.ClassCount + label], scores[label * size[0] * size[1] + pixel], TrainedGolden.Tolerance);
        }
    }

    [TrainedTheory("groupvit", engines: true)]
    [MemberData(nameof(Slides))]
    public void Label_maps_through_the_sliding_window_are_the_authors(string name, int index)
    {
        using var model = Load(name);
        var node = Models[name]!["slide"]![index]!;
        foreach (var output in node["outputs"]!.AsArray())
            Set.AssertLabels(
                model, Set.Labels(Embeddings(name, output!), output!["background"]!.GetValue<bool>()), node, output, node["crop"]!.GetValue<int>(), node["stride"]!.GetValue<int>());
    }

    /// <summary>There the logit scale is multiplied in twice, the soft map weighs the segments, and no name is left out.</summary>
    [TrainedTheory("groupvit")]
    [MemberData(nameof(Pictures))]
    public void Segments_give_Hugging_Faces_logits(string name, int index)
    {
        var node = Models[name]!["vision"]![index]!;
        if (node["hf"] is not { } expected)
            return;
        using var model = Load(name);
        using var algebra = new ManagedAlgebra(model.Threads);
        var segments = ((GroupVitSystem)model.Trained!).Segments(Set.Window(model, node["image"], algebra));
        var (size, scale, embeddings) = (Golden.Ints(node["size"]), Models[name]!["logit_scale_exp"]!.GetValue<float>(), Embeddings(name, expected));
        var names = algebra.From(embeddings, Set.Names.Length, model.Config.EmbeddingSize);
        Set.AssertClose(expected["logits_per_image"], (scale * segments.Picture.UnitRows().TimesTransposed(names)).ToArray(), name);
        var map = algebra.From(GroupScores.Stretched(segments, new(size[0], size[1])), size[0] * size[1], segments.Map.Columns);
        var logits = (scale * scale * (map * segments.Features.UnitRows().TimesTransposed(names))).Transposed().ToArray();
        var golden = Set.Floats(expected["segmentation_logits"]);
        var largest = golden.Max(MathF.Abs);
        Close.Assert([.. golden.Select(value => value / largest)], [.. logits.Select(value => value / largest)], TrainedGolden.Tolerance, name);
    }

    private static TheoryData<string, int> Cases(string part)
    {
        var data = new TheoryData<string, int>();
        foreach (var (model, node) in Models.AsObject())
            foreach (var (index, _) in node![part]!.AsArray().Index())
                data.Add(model, index);
        return data;
    }

    private static ClipModel Load(string name) => ClipModel.Load(Set.PathOf(Models[name]!["directory"]), threads: 2);

    private static float[] Embeddings(string name, JsonNode output) =>
        Set.Floats(Models[name]!["text"]!.AsArray().Single(text => text!["templates"]!.GetValue<string>() == output["templates"]!.GetValue<string>())!["embeddings"]);

    private static float Margin(Matrix map, int pixel)
    {
        float[] sorted = [.. map.RowRange(pixel, 1).ToArray().OrderDescending()];
        return sorted[0] - sorted[1];
    }
}
