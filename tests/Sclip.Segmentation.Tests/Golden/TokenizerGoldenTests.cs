using System.Text.Json.Nodes;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public class TokenizerGoldenTests
{
    public static TheoryData<string> Models => [.. Golden.Models];

    [Theory]
    [MemberData(nameof(Models))]
    public void Token_ids_are_those_of_the_authors_tokenizer(string model)
    {
        var directory = Golden.ModelDirectory(model);
        var size = ClipConfig.Load(directory).VocabularySize;
        var (full, cut) = (ClipTokenizer.Load(directory, 77, size), ClipTokenizer.Load(directory, 16, size));
        var strings = JsonNode.Parse(File.ReadAllText(Golden.PathOf("tokens.json")))!.AsArray();
        Assert.NotEmpty(strings);
        foreach (var item in strings)
        {
            var text = item!["text"]!.GetValue<string>();
            var tokens = full.Tokenize(text);
            if ((item["ids_after_ftfy"] ?? item["ids"]) is { } ids)
                Assert.True(Golden.Ints(ids).SequenceEqual(tokens.Ids), $"'{text}': {string.Join(' ', tokens.Ids)}, expected {ids.ToJsonString()}");
            else
                Assert.True(tokens.Truncated);
            if (item["ids_after_ftfy"] is not null)
                continue;
            var row = cut.Tokenize(text).Ids;
            Assert.Equal<IEnumerable<int>>(Golden.Ints(item["ids_truncated_to_16"]), row.Concat(new int[16 - row.Length]));
        }
    }

    [Fact]
    public void The_built_in_templates_are_the_authors() =>
        Assert.Equal(Golden.Strings(JsonNode.Parse(File.ReadAllText(Golden.PathOf("templates.json")))), PromptTemplates.ImageNet.Items);
}
