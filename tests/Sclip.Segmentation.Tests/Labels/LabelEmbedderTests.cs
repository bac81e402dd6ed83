using Sclip.Labels;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Labels;

public sealed class LabelEmbedderTests
{
    private static readonly ClipTokenizer Tokenizer = LoadTokenizer(77);

    [Fact]
    public void An_embedding_is_the_normalised_mean_of_the_normalised_features()
    {
        var (labels, templates) = (LabelSet.Load("cat, dog"), PromptTemplates.Of(["a {}", "the {}."]));
        var embeddings = Embed(labels, templates, new FakeEncoder());
        for (var name = 0; name < 2; name++)
        {
            var features = templates.Texts.Select((_, i) => Normalised(FakeEncoder.FeatureOf(Tokenizer.Tokenize(templates.Prompt(i, labels.Names[name])).Ids)));
            var expected = Normalised([.. features.First().Zip(features.Last(), (a, b) => (a + b) / 2)]);
            for (var i = 0; i < FakeEncoder.Width; i++)
                Assert.Equal(expected[i], embeddings.Values[name * FakeEncoder.Width + i], 1e-6f);
        }
        Assert.Equal([0, 1], embeddings.ClassOfName);
        Assert.Equal(2, embeddings.ClassCount);
    }

    [Fact]
    public void An_embedding_does_not_depend_on_the_other_names()
    {
        var many = LabelSet.Of(Enumerable.Range(0, 40).Select(i => new Contracts.LabelClass { Name = $"{(char)('a' + i % 26)} {i}" }));
        var together = Embed(many, PromptTemplates.ImageNet, new FakeEncoder());
        foreach (var name in (int[])[0, 17, 39])
        {
            var alone = Embed(LabelSet.Of([many.Classes[name]]), PromptTemplates.ImageNet, new FakeEncoder());
            Assert.Equal(alone.Values, together.Values.AsSpan(name * FakeEncoder.Width, FakeEncoder.Width).ToArray());
        }
    }

    [Fact]
    public void Prompts_come_in_bounded_chunks_sorted_and_without_repetition()
    {
        var encoder = new FakeEncoder();
        // "x 1" in "a {}" and "1" in "a x {}" are the same prompt.
        var names = Enumerable.Range(0, 700).Select(i => new Contracts.LabelClass { Name = $"{i}", Synonyms = [$"x {i}"] });
        Embed(LabelSet.Of(names), PromptTemplates.Of(["a {}", "a x {}"]), encoder);
        var all = encoder.Calls.SelectMany(call => call).ToArray();
        Assert.Equal(3 * 700, all.Length);
        Assert.True(encoder.Calls.Count > 1 && encoder.Calls.All(call => call.Length <= 512));
        for (var i = 1; i < all.Length; i++)
            Assert.True(all[i - 1].AsSpan().SequenceCompareTo(all[i]) < 0);
    }

    [Fact]
    public void Long_names_that_share_nothing_come_in_chunks_of_bounded_tokens()
    {
        var encoder = new FakeEncoder();
        var names = Enumerable.Range(0, 300).Select(i => new Contracts.LabelClass { Name = string.Join(' ', Enumerable.Range(0, 60).Select(word => word == 0 ? $"{i}" : $"{(i * 31 + word * 17) % 97}")) });
        Embed(LabelSet.Of(names), PromptTemplates.Of(["{}"]), encoder);
        Assert.Equal(300, encoder.Calls.Sum(call => call.Length));
        Assert.All(encoder.Calls, call => Assert.InRange(PrefixTree.Of(call).Count, 1, 4096));
    }

    /// <summary>Below 1 GB with the packed weights of a text tower, of which those of ViT-L/14 have 85 million.</summary>
    [Fact]
    public void Ten_thousand_names_in_eighty_templates_take_less_than_a_gigabyte()
    {
        const int Width = 768, FloatsOfToken = (1 + 1 + 3 + 1) * Width;
        const long Weights = 85_000_000L * sizeof(float);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (managed, tokens) = (0L, 0L);
        var encoder = new UnitEncoder(Width, (call, prompts) =>
        {
            tokens = Math.Max(tokens, PrefixTree.Of(prompts).Count);
            if (call % 400 == 0)
                managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: true) - before);
        });
        var names = LabelSet.Of(Enumerable.Range(0, 10_000).Select(i => new Contracts.LabelClass { Name = $"kind {i} of thing" }));
        var embeddings = LabelEmbedder.Embed(names, PromptTemplates.ImageNet, Tokenizer, encoder, null, TestContext.Current.CancellationToken);
        Assert.Equal(10_000 * Width, embeddings.Values.Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"{managed >> 20} MiB managed, {tokens} tokens a call");
        Assert.InRange(Weights + managed + tokens * FloatsOfToken * sizeof(float), 1, 1_000_000_000);
    }

    [Fact]
    public void A_name_longer_than_the_context_is_truncated_with_one_warning()
    {
        var warnings = new List<string>();
        var labels = LabelSet.Of([new() { Name = string.Join(' ', Enumerable.Range(0, 90)) }, new() { Name = "cat" }]);
        LabelEmbedder.WarnOfTruncation(labels, PromptTemplates.ImageNet, Tokenizer, warnings.Add);
        Assert.Contains("'0 1 2", Assert.Single(warnings));
    }

    [Fact]
    public void Progress_rises_to_one()
    {
        var progress = new Recorder();
        var names = Enumerable.Range(0, 100).Select(i => new Contracts.LabelClass { Name = $"{i}" });
        LabelEmbedder.Embed(LabelSet.Of(names), PromptTemplates.ImageNet, Tokenizer, new FakeEncoder(), progress, TestContext.Current.CancellationToken);
        Assert.True(progress.Values.Count > 1);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.Equal(1, progress.Values[^1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Features_without_a_direction_are_refused(float value)
    {
        var error = Assert.Throws<ModelFormatException>(() => Embed(LabelSet.Load("cat"), PromptTemplates.ImageNet, new FakeEncoder { Always = value }));
        Assert.Contains("'cat'", error.Message);
    }

    [Fact]
    public void A_cancelled_job_stops_between_chunks()
    {
        using var cancellation = new CancellationTokenSource();
        var encoder = new FakeEncoder { OnCall = cancellation.Cancel };
        var names = LabelSet.Of(Enumerable.Range(0, 1000).Select(i => new Contracts.LabelClass { Name = $"{i}" }));
        Assert.Throws<OperationCanceledException>(
            () => LabelEmbedder.Embed(names, PromptTemplates.ImageNet, Tokenizer, encoder, null, cancellation.Token));
        Assert.Single(encoder.Calls);
    }

    private static LabelEmbeddings Embed(LabelSet labels, PromptTemplates templates, FakeEncoder encoder) =>
        LabelEmbedder.Embed(labels, templates, Tokenizer, encoder, null, TestContext.Current.CancellationToken);

    private static ClipTokenizer LoadTokenizer(int contextLength)
    {
        var directory = Golden.ModelDirectory(Golden.Models.First());
        return ClipTokenizer.Load(directory, contextLength, ClipConfig.Load(directory).VocabularySize);
    }

    private static double[] Normalised(IReadOnlyList<double> values)
    {
        var length = Math.Sqrt(values.Sum(value => value * value));
        return [.. values.Select(value => value / length)];
    }

    private static double[] Normalised(float[] values) => Normalised([.. values.Select(value => (double)value)]);

    private sealed class FakeEncoder : ITextEncoder
    {
        public const int Width = 5;

        public float? Always { get; init; }

        public Action? OnCall { get; init; }

        public List<int[][]> Calls { get; } = [];

        public int Dimension => Width;

        public static float[] FeatureOf(int[] ids)
        {
            var random = new Random(ids.Aggregate(17, (hash, id) => unchecked(hash * 31 + id)));
            return [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle() * 4 - 2)];
        }

        public void Encode(IReadOnlyList<int[]> prompts, Span<float> features, CancellationToken cancellationToken)
        {
            OnCall?.Invoke();
            Calls.Add([.. prompts]);
            for (var i = 0; i < prompts.Count; i++)
                FeatureOf(prompts[i]).CopyTo(features.Slice(i * Width, Width));
            if (Always is { } value)
                features.Fill(value);
        }
    }

    /// <summary>Says the same of every prompt, at once.</summary>
    private sealed class UnitEncoder(int dimension, Action<int, IReadOnlyList<int[]>> onCall) : ITextEncoder
    {
        private int _calls;

        public int Dimension => dimension;

        public void Encode(IReadOnlyList<int[]> prompts, Span<float> features, CancellationToken cancellationToken)
        {
            onCall(_calls++, prompts);
            features.Fill(1);
        }
    }

    private sealed class Recorder : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
