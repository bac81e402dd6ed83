using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Labels.Tests;

public sealed class PromptTemplatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_default_templates_are_the_80_of_ImageNet() =>
        Assert.Equal(Golden.Strings(JsonNode.Parse(File.ReadAllText(Golden.PathOf("templates.json")))), PromptTemplates.ImageNet.Texts);

    [Theory]
    [InlineData("t.txt", "a {}\nthe {}.\n\n")]
    [InlineData("t.txt", "\uFEFFa {}\r\nthe {}.\r\n")]
    [InlineData("t.txt", "a {}\rthe {}.\r")]
    [InlineData("t.txt", "# mine\na {}\n  # of {}\nthe {}.\n")]
    [InlineData("t.json", """["a {}", "the {}."]""")]
    [InlineData("t.txt", """ ["a {}", "the {}."]""")]
    [InlineData("t.yaml", "# mine\n---\n- a {}\n- \"the {}.\"\n")]
    [InlineData("t.txt", "- a {}\n- the {}.\n")]
    public void Templates_are_read_from_a_file(string name, string content) =>
        Assert.Equal(["a {}", "the {}."], PromptTemplates.Load(_folder.Write(name, content)).Texts);

    [Fact]
    public void A_template_may_begin_with_the_name() => Assert.Equal(["{} at night"], PromptTemplates.Load(_folder.Write("t.txt", "{} at night")).Texts);

    [Fact]
    public void The_name_takes_the_place_of_the_braces() => Assert.Equal("the cat.", PromptTemplates.Of(["a {}", "the {}."]).Prompt(1, "cat"));

    [Theory]
    [InlineData("t.txt", "a {}\nthe\n", "t.txt, line 2: 'the' must hold {} exactly once")]
    [InlineData("t.txt", "a {}\n\nthe {}", "t.txt, line 2")]
    [InlineData("t.txt", "{} and {}", "t.txt, line 1")]
    [InlineData("t.txt", "", "there is no template")]
    [InlineData("t.json", "[]", "there is no template")]
    [InlineData("t.json", """["a {}", 7]""", "t.json, element 2: must be a text")]
    [InlineData("t.json", "{}", "must be a JSON array")]
    [InlineData("t.txt", "1. a photo of {}", "holds '1.'")]
    [InlineData("t.txt", "a photo of {} # mine", "holds '# mine'")]
    [InlineData("t.txt", "<p>{}</p>", "holds '<p>'")]
    [InlineData("t.json", "[", "not valid JSON")]
    [InlineData("t.txt", """{"templates": ["a {}"]}""", "must be a JSON array")]
    [InlineData("t.txt", "'a {}',\n'the {}.',", "t.txt, line 1: ''a {}',' is in quotes")]
    [InlineData("t.txt", "- a {}\n- {} there\n", "t.txt, line")]
    [InlineData("t.txt", "- a {}\n- {}\n", "t.txt, line 2: must be a text; put a template that begins with {} in quotes")]
    [InlineData("t.txt", "- a {}\n- the\n", "t.txt, line 2: 'the' must hold {} exactly once")]
    [InlineData("t.txt", "# mine\na {}\nthe\n", "t.txt, line 3: 'the' must hold {} exactly once")]
    [InlineData("t.txt", "# a {}\n", "there is no template")]
    public void Templates_that_cannot_be_used_are_refused_with_file_and_line(string name, string content, string expected)
    {
        var path = _folder.Write(name, content);
        var message = Assert.Throws<LabelSetException>(() => PromptTemplates.Load(path)).Message;
        Assert.Contains(expected, message);
        Assert.StartsWith(path, message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains($"{_folder["none.txt"]} does not exist", Assert.Throws<LabelSetException>(() => PromptTemplates.Load(_folder["none.txt"])).Message);

    public void Dispose() => _folder.Dispose();
}
