using Sclip.Contracts;
using Sclip.Labels;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public class TextGoldenTests
{
    public static TheoryData<string> Models => [.. Golden.AllModels];

    [Theory]
    [MemberData(nameof(Models))]
    public void Text_features_are_the_authors(string name)
    {
        using var model = new GoldenModel(name);
        using var text = model.Clip.LoadText();
        var prompts = Golden.Strings(model.Node["text"]!["prompts"]);
        var (expected, shape) = Golden.Floats(model.Node["text"]!["features"]);
        Assert.Equal(prompts.Length, shape[0]);
        var features = new float[expected.Length];
        text.Encode([.. prompts.Select(prompt => model.Clip.Tokenizer.Tokenize(prompt).Ids)], features, CancellationToken.None);
        Close.Assert(expected, features, 1e-4f, name);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Label_embeddings_are_the_authors(string name)
    {
        using var model = new GoldenModel(name);
        var node = model.Node["label_embeddings"]!;
        var names = Golden.Strings(node["names"]);
        var classes = Golden.Ints(node["class_of_name"]);
        var labels = LabelSet.Of([.. names.Zip(classes).GroupBy(pair => pair.Second, pair => pair.First)
            .Select(group => new LabelClass { Name = group.First(), Synonyms = [.. group.Skip(1)] })]);
        var embeddings = model.Clip.EmbedLabels(labels, PromptTemplates.ImageNet, null, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(classes, embeddings.ClassOfName);
        Close.Assert(Golden.Floats(node["embeddings"]).Values, embeddings.Values, 1e-4f, name);
    }
}
