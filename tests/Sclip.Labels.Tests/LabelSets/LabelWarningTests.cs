using Sclip.Contracts;

namespace Sclip.Labels.Tests;

public sealed class LabelWarningTests
{
    [Theory]
    [InlineData("cat", "There is one class, 'cat', and every pixel takes it.")]
    [InlineData("name\ncat", "'name': reads like the header of a table")]
    [InlineData("cat\nphotos/a.jpg", "'photos/a.jpg': reads like a path")]
    [InlineData("cat\nscan.pgm", "'scan.pgm': reads like a path")]
    [InlineData("Klasse\ncat", "'Klasse': reads like the header of a table")]
    [InlineData("cat\n24/7 shop", "'24/7 shop': has a slash, and is asked as it stands")]
    [InlineData("cat\nthis is all that there is to see here", "'this is all that there is to see here': reads like a sentence")]
    [InlineData("cat\nInstall it first.", "'Install it first.': reads like a sentence")]
    [InlineData("cat\n0 grass", "'0 grass': reads like a number or an id")]
    [InlineData("cat\n17", "'17': reads like a number")]
    [InlineData("cat\nn01440764 tench", "'n01440764 tench': reads like a number or an id")]
    [InlineData("cat\ntraffic_light, stop_sign\na_b\nc_d", "'traffic_light', 'stop_sign', 'a_b' and 1 more: has an underscore, and is asked as it stands")]
    public void What_is_likely_not_meant_is_warned_of(string text, string warning) =>
        Assert.StartsWith(warning, Assert.Single(LabelWarnings.Of(TextOf(text))), StringComparison.Ordinal);

    [Fact]
    public void One_class_of_many_synonyms_may_be_several() =>
        Assert.Contains("one class, 'sky' with 2 synonyms", Assert.Single(LabelWarnings.Of(TextOf("sky, grass, water"))), StringComparison.Ordinal);

    [Fact]
    public void Usual_names_are_not_warned_of() => Assert.Empty(LabelWarnings.Of(TextOf("sky, blue sky\na dog\ntraffic light\nC-3PO\nSt. Bernard")));

    [Theory]
    [InlineData(910, 6, true)]
    [InlineData(900, 6, false)]
    [InlineData(910, 5, false)]
    public void A_class_that_takes_nearly_all_pixels_of_several_pictures_is_warned_of(long most, long pictures, bool warned)
    {
        var warnings = LabelWarnings.Of(TextOf("sky\ngrass"), new Dictionary<string, long> { ["sky"] = most, ["grass"] = 1000 - most }, pictures);
        Assert.Equal(warned ? [$"'sky' has 91.0 % of all pixels of {pictures} pictures. Every pixel takes the class that suits it best: see whether what else is in the pictures is named."] : [], warnings);
    }

    [Fact]
    public void Classes_of_the_same_colour_are_warned_of_and_those_of_none_are_not()
    {
        Assert.Equal(
            ["'sky' and 'sea' have the same colour #4dabf7: pictures show them as one."],
            LabelWarnings.Of([Of("sky", "#4dabf7"), Of("grass", "#2f9e44"), Of("sea", "#4dabf7"), Of("road", null), Of("wall", null)]));
        Assert.Equal(
            ["'a', 'b', 'c' and 2 more have the same colour #000000: pictures show them as one."],
            LabelWarnings.Of([Of("a", "#000000"), Of("b", "#000000"), Of("c", "#000000"), Of("d", "#000000"), Of("e", "#000000")]));
        var many = LabelWarnings.Of([.. Enumerable.Range(0, 10).Select(i => Of($"class {(char)('a' + i)}", $"#00000{i / 2}"))]);
        Assert.Equal(4, many.Count);
        Assert.Equal("2 more colours are those of several classes.", many[^1]);

        static LabelClass Of(string name, string? color) => new() { Name = name, Color = RgbColor.TryParse(color, out var rgb) ? rgb : null };
    }

    private static IReadOnlyList<LabelClass> TextOf(string text) =>
        [.. text.Split('\n').Select(line => line.Split(", ")).Select(names => new LabelClass { Name = names[0], Synonyms = names[1..] })];
}
