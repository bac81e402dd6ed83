using Sclip.Evaluation.Presets;

namespace Sclip.Evaluation.Tests.Presets;

public sealed class PresetTests
{
    public static TheoryData<string> Names => [.. BenchmarkPresets.All.Select(preset => preset.Name)];

    /// <summary>The authors' configs/cfg_*.py: name, classes, short side, logit scale, probability threshold, area threshold, names of the background.</summary>
    [Theory]
    [InlineData("voc21", 21, 336, 65, 0.1, 0.1, 26)]
    [InlineData("context60", 60, 336, 50, 0.1, null, 1)]
    [InlineData("coco-object", 81, 336, 50, 0.1, null, 25)]
    [InlineData("voc20", 20, 336, 40, 0, null, 0)]
    [InlineData("cityscapes", 19, 560, 40, 0, null, 0)]
    [InlineData("context59", 59, 336, 40, 0, null, 0)]
    [InlineData("ade20k", 150, 336, 40, 0, null, 0)]
    [InlineData("coco-stuff", 171, 448, 40, 0, null, 0)]
    public void A_preset_has_the_authors_classes_and_settings(
        string name, int classes, int shortSide, double logitScale, double probability, double? area, int backgroundNames)
    {
        var preset = BenchmarkPresets.Find(name);
        var settings = preset.Settings;
        Assert.Equal((shortSide, 224, 112), (settings.ShortSide, settings.Crop, settings.Stride));
        Assert.Equal((logitScale, probability, area), (settings.LogitScale, settings.ProbabilityThreshold, settings.AreaThreshold));
        Assert.Equal(classes, preset.Labels.Classes.Count);
        Assert.Equal(backgroundNames, preset.Labels.Classes.Where(item => item.Background).Sum(item => item.AllNames.Count()));
        Assert.Equal(backgroundNames > 0 ? 0 : null, preset.Labels.BackgroundClass);
    }

    /// <summary>A preset of other data may name figures of its own, though none of these methods' papers has it.</summary>
    [Fact]
    public void A_preset_that_no_paper_has_takes_no_figures_of_theirs() => Assert.Empty(OwnPaperFigures.Of("own"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Classes_have_colours_that_tell_them_apart(string name)
    {
        var colours = BenchmarkPresets.Find(name).Labels.Classes.Select(item => item.Color).ToArray();
        Assert.DoesNotContain(null, colours);
        Assert.Distinct(colours);
    }

    [Theory]
    [InlineData("voc21", 0, "#000000", "sky")]
    [InlineData("voc21", 15, "#c08080", "person")]
    [InlineData("voc20", 14, "#c08080", "person")]
    [InlineData("context60", 59, "#1f00ff", "wood")]
    [InlineData("context59", 58, "#1f00ff", "wood")]
    [InlineData("coco-object", 80, "#c0a000", "toothbrush")]
    [InlineData("coco-stuff", 170, "#404000", "wood")]
    [InlineData("cityscapes", 18, "#770b20", "bicycle")]
    [InlineData("ade20k", 149, "#5c00ff", "flag")]
    public void Colours_are_the_data_sets_own(string name, int index, string colour, string label)
    {
        var item = BenchmarkPresets.Find(name).Labels.Classes[index];
        Assert.Equal((label, colour), (item.Name, item.Color.ToString()));
    }

    [Fact]
    public void Synonyms_are_the_authors()
    {
        var classes = BenchmarkPresets.Find("voc20").Labels.Classes;
        Assert.Equal(["person in shirt", "person in jeans", "person in dress", "person in sweater", "person in skirt", "person in jacket"], classes[14].Synonyms);
        Assert.Equal(["television monitor", "tv monitor", "monitor", "television", "screen"], classes[19].AllNames);
    }

    [Fact]
    public void Published_figures_have_the_means_that_the_paper_states()
    {
        Assert.Equal(14.1, Mean("clip"), 0.051);
        Assert.Equal(30.3, Mean("maskclip"), 0.051);
        Assert.Equal(38.2, Mean("sclip"), 0.051);

        static double Mean(string method) => BenchmarkPresets.All.Where(preset => preset.Published is not null).Average(preset => preset.Published!.Paper[method]);
    }

    [Fact]
    public void A_preset_that_there_is_not_is_refused_with_those_there_are()
    {
        var error = Assert.Throws<EvaluationException>(() => BenchmarkPresets.Find("voc"));
        Assert.Contains("'voc'", error.Message, StringComparison.Ordinal);
        Assert.Contains("voc21, context60, coco-object, voc20, cityscapes, context59, ade20k, coco-stuff", error.Message, StringComparison.Ordinal);
    }
}
