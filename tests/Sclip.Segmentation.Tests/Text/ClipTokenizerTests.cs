using System.Text.Json.Nodes;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Text;

public sealed class ClipTokenizerTests
{
    private const int ShortContext = 16, LongContext = 77;
    private static readonly JsonArray Cases = JsonNode.Parse(File.ReadAllText(Golden.PathOf("tokens.json")))!.AsArray();

    public static TheoryData<string, int> EveryCaseOfEveryModel()
    {
        var data = new TheoryData<string, int>();
        foreach (var model in Golden.Models)
            for (var i = 0; i < Cases.Count; i++)
                data.Add(model, i);
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryCaseOfEveryModel))]
    public void Tokens_are_the_authors(string model, int index)
    {
        var (text, expected) = (Cases[index]!["text"]!.GetValue<string>(), Cases[index]!["ids_after_ftfy"] ?? Cases[index]!["ids"]);
        var tokens = Load(model, LongContext).Tokenize(text);
        Assert.Equal(expected is null, tokens.Truncated);
        if (expected is not null)
            Assert.Equal(Golden.Ints(expected), tokens.Ids);
        else
            Assert.Equal(LongContext, tokens.Ids.Length);
    }

    [Theory]
    [MemberData(nameof(EveryCaseOfEveryModel))]
    public void A_text_longer_than_the_context_is_truncated_as_the_authors_do(string model, int index)
    {
        if (Cases[index]!["ids_after_ftfy"] is { } mended && mended.ToJsonString() != Cases[index]!["ids"]?.ToJsonString())
            return; // The truncated rows are those of the text as it is.
        var row = Golden.Ints(Cases[index]!["ids_truncated_to_16"]);
        var tokens = Load(model, ShortContext).Tokenize(Cases[index]!["text"]!.GetValue<string>());
        Assert.Equal(row[..(Array.IndexOf(row, row.Max()) + 1)], tokens.Ids);
    }

    [Theory]
    [InlineData("ﬁre oﬀice", "fire office")]
    [InlineData("&amp;lt;b&amp;gt; rock &#38; roll", "<b> rock & roll")]
    [InlineData("it’s “so”", "it's \"so\"")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u00a0two\u2003 words\u3000", "two words")]
    [InlineData("ÀÉÎ ЖЮ ΑΣ ΣΑ", "àéî жю ας σα")]
    [InlineData("𐐀𐐁", "𐐨𐐩")]
    [InlineData("tie\u0323\u0302ng vie\u0302\u0323t", "tiệng viê\u0323t")]
    [InlineData("и\u0306 \u1112\u1161\u11ab\u1100\u1173\u11af か\u3099", "й 한글 が")]
    public void Text_is_cleaned(string text, string expected) => Assert.Equal(expected, TextCleaner.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("half \ufffd pair", TextCleaner.Clean("half \ud800 pair"));

    [Fact]
    public void Letters_beyond_the_basic_plane_make_words()
    {
        // The first letter ends a word only where it stands alone: the last byte's symbol says so.
        var tokenizer = Load(Golden.Models.First(), LongContext);
        var (together, apart) = (tokenizer.Tokenize("𐐨𐐩").Ids, tokenizer.Tokenize("𐐨 𐐩").Ids);
        Assert.Equal(apart.Length, together.Length);
        Assert.Single(apart.Zip(together), pair => pair.First != pair.Second);
    }

    [Fact]
    public void Text_that_just_fits_is_not_truncated()
    {
        var tokenizer = Load(Golden.Models.First(), ShortContext);
        var fits = tokenizer.Tokenize(string.Join(' ', Enumerable.Repeat("7", ShortContext - 2)));
        var longer = tokenizer.Tokenize(string.Join(' ', Enumerable.Repeat("7", ShortContext - 1)));
        Assert.False(fits.Truncated);
        Assert.True(longer.Truncated);
        Assert.Equal(fits.Ids, longer.Ids);
    }

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        var tokenizer = Load(Golden.Models.First(), LongContext);
        var texts = Enumerable.Range(0, 2000).Select(i => $"number {i} of the words w{i % 37}").ToArray();
        var results = new int[texts.Length][];
        Parallel.For(0, texts.Length, i => results[i] = tokenizer.Tokenize(texts[i]).Ids);
        var alone = Load(Golden.Models.First(), LongContext);
        Assert.All(texts.Index(), text => Assert.Equal(alone.Tokenize(text.Item).Ids, results[text.Index]));
    }

    private static ClipTokenizer Load(string model, int contextLength)
    {
        var directory = Golden.ModelDirectory(model);
        return ClipTokenizer.Load(directory, contextLength, ClipConfig.Load(directory).VocabularySize);
    }
}
