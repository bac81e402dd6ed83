using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Text;

/// <summary>The vocabulary that comes with the program, against tokens that its published merges give by CLIP's rules.</summary>
public sealed class ClipVocabularyTests
{
    [Theory]
    [InlineData("a photo of a cat", new[] { 49406, 320, 1125, 539, 320, 2368, 49407 })]
    [InlineData("it's 42 façades, naïve—日本!", new[] { 49406, 585, 568, 275, 273, 778, 10067, 5793, 267, 1097, 35689, 563, 2005, 39121, 19277, 361, 256, 49407 })]
    public void Texts_become_the_tokens_of_CLIP(string text, int[] expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write(OpenClipModel.Config, "{}");
        Assert.Equal(expected, ClipTokenizer.Load(folder.Path, 77, 49408).Tokenize(text).Ids);
        Assert.Equal([.. expected[..3], 49407], ClipTokenizer.Load(folder.Path, 4, 49500).Tokenize(text).Ids);
    }

    [Fact]
    public void A_model_of_fewer_tokens_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write(OpenClipModel.Config, "{}");
        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(folder.Path, 77, 1000));
        Assert.StartsWith($"{folder.Path}: the model has embeddings of 1000 tokens, and CLIP's own vocabulary, which is taken where a model brings none, has 49408", error.Message, StringComparison.Ordinal);
    }
}
