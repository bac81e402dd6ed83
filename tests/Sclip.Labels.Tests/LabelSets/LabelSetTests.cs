using Sclip.Contracts;
using Sclip.Testing;

namespace Sclip.Labels.Tests;

public sealed class LabelSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("sky, wall\ncat\ndog, puppy")]
    [InlineData("sky, wall\ncat\ndog, puppy\n\n\n")]
    [InlineData("\uFEFFsky, wall\r\ncat\r\ndog, puppy\r\n")]
    [InlineData("  sky,   wall \ncat\n\tdog, puppy\n")]
    [InlineData("# the sky first\n\nsky, wall\n  \t\ncat\n #  and\ndog, puppy\n")]
    public void The_authors_text_format_is_read(string content)
    {
        var labels = LabelSet.Load(_folder.Write("labels.txt", content));
        Assert.Equal(["sky", "cat", "dog"], labels.Classes.Select(label => label.Name));
        Assert.Equal(["sky", "wall", "cat", "dog", "puppy"], labels.Names);
        Assert.Equal([0, 0, 1, 2, 2], labels.ClassOfName);
        Assert.Null(labels.BackgroundClass);
    }

    [Fact]
    public void A_comma_between_digits_belongs_to_the_name() =>
        Assert.Equal(["1,000 birds", "flock"], LabelSet.Load(_folder.Write("labels.txt", "1,000 birds, flock")).Names);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"classes\": [", "]}")]
    public void Json_is_read_bare_or_as_an_object(string before, string after)
    {
        var labels = LabelSet.Load(_folder.Write("labels.json", $$"""
            {{before}}{"name": "cat", "synonyms": ["kitten", "tom  cat"], "color": "#0a80FF"}, {"name": "floor", "background": true}{{after}}
            """));
        Assert.Equal(["cat", "kitten", "tom cat", "floor"], labels.Names);
        Assert.Equal(new RgbColor(10, 128, 255), labels.Classes[0].Color);
        Assert.Null(labels.Classes[1].Color);
        Assert.Equal(1, labels.BackgroundClass);
    }

    [Theory]
    [InlineData("grass, background, sky", 1)]
    [InlineData("Background, sky", 0)]
    [InlineData("sky, backgrounds", null)]
    [InlineData("grass", null)]
    public void The_background_is_the_class_called_so_and_never_just_the_first(string names, int? background)
    {
        var labels = LabelSet.Load(names);
        Assert.Equal(background, labels.BackgroundClass);
        Assert.Equal(background, LabelSet.BackgroundOf(labels.WithBackgroundMarked().Classes));
        Assert.Equal(background is null ? [] : [background.Value], labels.WithBackgroundMarked().Classes.Index().Where(item => item.Item.Background).Select(item => item.Index));
    }

    [Fact]
    public void A_class_that_is_marked_is_the_background_whatever_another_is_called()
    {
        var labels = LabelSet.Of([new() { Name = "background" }, new() { Name = "wall", Background = true }]);
        Assert.Equal(1, labels.BackgroundClass);
        Assert.Equal(1, labels.WithBackgroundMarked(otherwise: 0).BackgroundClass);
        Assert.Equal(0, LabelSet.Load("sky, cat").WithBackgroundMarked(otherwise: 0).BackgroundClass);
    }

    [Fact]
    public void Names_on_the_command_line_are_a_class_each()
    {
        var labels = LabelSet.Load("cat, traffic  light,dog");
        Assert.Equal(["cat", "traffic light", "dog"], labels.Classes.Select(label => label.Name));
        Assert.All(labels.Classes, label => Assert.Empty(label.Synonyms));
    }

    [Fact]
    public void One_class_is_enough() => Assert.Single(LabelSet.Load("cat").Classes);

    [Fact]
    public void An_existing_file_wins_over_a_name() => Assert.Equal(["dog"], LabelSet.Load(_folder.Write("cat", "dog")).Names);

    [Theory]
    [InlineData("labels.txt")]
    [InlineData("labels.JSON")]
    public void A_missing_file_is_no_class_name(string name) => Assert.Equal($"{_folder[name]} does not exist.", ErrorOf(_folder[name]));

    [Fact]
    public void A_folder_is_no_class_name() => Assert.Contains("is a folder", ErrorOf(_folder.Path));

    [Theory]
    [InlineData("", "there is no class")]
    [InlineData("\n \n", "there is no class")]
    [InlineData("# animals\n\n#", "there is no class")]
    [InlineData("# animals\n\ncat, \n", "line 3: a name is empty")]
    [InlineData("cat, , kitten", "line 1: a name is empty")]
    [InlineData("cat\ndog\nbird,  CAT", "the name 'CAT' is there twice, in line 1 and in line 3")]
    [InlineData("cat\nTV  Set, tv set", "the name 'tv set' is there twice, in line 2 and in line 2")]
    [InlineData("ÄPFEL\näpfel", "is there twice")]
    [InlineData("cat\u001b[31m", "line 1: a name holds a control character")]
    public void A_text_file_that_cannot_be_used_is_refused_with_its_line(string content, string expected)
    {
        var path = _folder.Write("labels.txt", content);
        var message = ErrorOf(path);
        Assert.StartsWith(path, message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("[", "not valid JSON")]
    [InlineData("[]", "there is no class")]
    [InlineData("7", "must be an array of classes")]
    [InlineData("{}", "an object without a list of names")]
    [InlineData("""{"labelled": [{"name": "cat"}]}""", "an object without a list of names (keys: labelled)")]
    [InlineData("""["cat", {"name": "dog"}]""", "element 2: must be a text")]
    [InlineData("""[{"name": "a"}, {"synonyms": []}]""", "element 2: 'name' is missing")]
    [InlineData("""[{"name": 7}]""", "element 1, name: must be a text")]
    [InlineData("""[{"name": "\ud800"}]""", "element 1, name: is not valid Unicode")]
    [InlineData("""[{"name": "a", "synonyms": "b"}]""", "element 1, synonyms: must be an array of texts")]
    [InlineData("""[{"name": "a", "synonyms": [null]}]""", "element 1, synonyms: must be a text")]
    [InlineData("""[{"name": "a", "color": "reddish"}]""", "element 1, color: 'reddish' must be a colour")]
    [InlineData("""[{"name": "a", "background": 1}]""", "element 1, background: must be true or false")]
    [InlineData("""[{"name": "a", "colour": "#000000"}]""", "element 1: unknown key 'colour'")]
    [InlineData("""[{"name": "a", "name": "b"}]""", "not valid JSON")]
    [InlineData("""[{"name": "a", "background": true}, {"name": "b", "background": true}]""", "element 1 and element 2 are both marked as background")]
    [InlineData("""[{"name": "a"}, {"name": "b", "synonyms": ["A"]}]""", "in element 1 and in element 2")]
    public void Json_that_cannot_be_used_is_refused_with_element_and_key(string content, string expected)
    {
        var path = _folder.Write("labels.json", content);
        var message = ErrorOf(path);
        Assert.StartsWith(path, message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("cat,,dog", "name 2: a name is empty")]
    [InlineData("cat, dog, Cat", "in name 1 and in name 3")]
    public void Names_on_the_command_line_that_cannot_be_used_are_refused(string names, string expected) => Assert.Contains(expected, ErrorOf(names));

    [Fact]
    public void A_file_that_is_not_text_is_refused() =>
        Assert.Contains("not UTF-8 text", ErrorOf(_folder.Write("labels.txt", (ReadOnlySpan<byte>)[0x63, 0xFF, 0xFE, 0x00])));

    [Fact]
    public void A_name_of_absurd_length_is_refused() => Assert.Contains("longer than 1000 characters", ErrorOf(new string('a', 1001)));

    [Fact]
    public void More_classes_than_a_mask_can_hold_are_refused()
    {
        var names = Enumerable.Range(0, LabelSet.MostClasses).Select(i => $"n{i}").ToList();
        Assert.Equal(LabelSet.MostClasses, LabelSet.Load(string.Join(',', names)).Classes.Count);
        names.Add("one more");
        Assert.Contains("more than 65535 classes", ErrorOf(string.Join(',', names)));
    }

    [Fact]
    public void Classes_made_in_code_are_checked_alike()
    {
        var error = Assert.Throws<LabelSetException>(() => LabelSet.Of([new() { Name = "cat" }, new() { Name = "dog", Synonyms = ["Cat"] }]));
        Assert.Contains("in class 1 and in class 2", error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static string ErrorOf(string labels) => Assert.Throws<LabelSetException>(() => LabelSet.Load(labels)).Message;
}
