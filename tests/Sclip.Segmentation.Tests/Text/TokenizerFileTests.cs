using System.Text.Json.Nodes;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Text;

/// <summary>A tokenizer.json that stands alone: what does not cut texts as CLIP does is refused by its name.</summary>
public sealed class TokenizerFileTests : IDisposable
{
    private const string Words = @"'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

    private static readonly string Model = Path.Combine(Repository.Root, "tests", "golden", "models", "tiny");
    private readonly JsonObject _tokenizer = Transformers5.Tokenizer(Model);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model is Unigram (SentencePiece); CLIP's is BPE with end_of_word_suffix </w>")]
    [InlineData("model.type", "\"WordPiece\"", "model is WordPiece (BERT);")]
    [InlineData("model.type", "\"WordLevel\"", "model is WordLevel;")]
    [InlineData("model.end_of_word_suffix", "null", "model is BPE without end_of_word_suffix;")]
    [InlineData("model.end_of_word_suffix", "\"_\"", "model is BPE with end_of_word_suffix _;")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model is BPE with end_of_word_suffix </w> and continuing_subword_prefix ##;")]
    [InlineData("model.dropout", "0.1", "model is BPE with end_of_word_suffix </w> and dropout 0.1;")]
    [InlineData("model.ignore_merges", "true", "model is BPE with end_of_word_suffix </w> and ignore_merges true;")]
    [InlineData("normalizer", "null", "normalizer is none; CLIP's is NFC, Replace(\\s+ by ' '), Lowercase.")]
    [InlineData("normalizer", """{"type": "BertNormalizer", "lowercase": true}""", "normalizer is BertNormalizer;")]
    [InlineData("normalizer.normalizers.0.type", "\"NFKC\"", "normalizer is NFKC, Replace(\\s+ by ' '), Lowercase;")]
    [InlineData("normalizer.normalizers.1.content", "\"_\"", "normalizer is NFC, Replace(\\s+ by '_'), Lowercase;")]
    [InlineData("normalizer.normalizers.1.pattern", """{"String": " "}""", "normalizer is NFC, Replace(' ' by ' '), Lowercase;")]
    [InlineData("normalizer.normalizers.2", """{"type": "StripAccents"}""", "normalizer is NFC, Replace(\\s+ by ' '), StripAccents;")]
    [InlineData("normalizer.normalizers.2", "7", "normalizer is NFC, Replace(\\s+ by ' '), of no type;")]
    [InlineData("pre_tokenizer", "null", "pre_tokenizer is none; CLIP's is Split(CLIP's words, Removed, inverted), ByteLevel.")]
    [InlineData("pre_tokenizer", """{"type": "ByteLevel", "add_prefix_space": true}""", "pre_tokenizer is ByteLevel(add_prefix_space);")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace"}""", "pre_tokenizer is Metaspace;")]
    [InlineData("pre_tokenizer.pretokenizers.0.behavior", "\"Isolated\"", "pre_tokenizer is Split(CLIP's words, Isolated, inverted), ByteLevel;")]
    [InlineData("pre_tokenizer.pretokenizers.0.invert", "false", "pre_tokenizer is Split(CLIP's words, Removed), ByteLevel;")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern.Regex", "\"[\\\\w]+\"", "pre_tokenizer is Split([\\w]+, Removed, inverted), ByteLevel;")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern", "{}", "pre_tokenizer is Split('', Removed, inverted), ByteLevel;")]
    [InlineData("pre_tokenizer.pretokenizers.1.add_prefix_space", "true", "pre_tokenizer is Split(CLIP's words, Removed, inverted), ByteLevel(add_prefix_space);")]
    public void Another_tokenizer_is_refused_by_name_with_what_fits(string key, string value, string mention)
    {
        Set(key, value);
        var message = Error();
        Assert.StartsWith($"{_folder["tokenizer.json"]}: the tokenizer's {mention}", message);
        Assert.EndsWith("Models that fit are CLIP with its own byte-pair tokenizer, such as openai/clip-vit-base-patch16.", message);
    }

    [Theory]
    [InlineData("model.continuing_subword_prefix", "null")]
    [InlineData("model.dropout", "0.0")]
    [InlineData("pre_tokenizer.pretokenizers.1.use_regex", "false")]
    [InlineData("pre_tokenizer.pretokenizers.0.pattern.Regex", $"\"{Words}\"")]
    [InlineData("added_tokens", "null")]
    [InlineData("padding", """{"strategy": "BatchLongest", "pad_token": "!"}""")]
    public void What_changes_no_token_is_taken(string key, string value)
    {
        Set(key, value);
        Assert.Equal(Earlier().Tokenize("It's a photo of 12 cats!!").Ids, Load().Tokenize("It's a photo of 12 cats!!").Ids);
    }

    [Theory]
    [InlineData("model.vocab", "[[\"a\", 0.5]]", "model.vocab is no object of tokens and their ids")]
    [InlineData("model.vocab.in", "-1", "the id of 'in' is -1")]
    [InlineData("model.merges", "{}", "model.merges is no array of merges")]
    [InlineData("model.merges.3", "\"th\"", "model.merges[3]: a merge is two symbols separated by a space")]
    [InlineData("model.merges.3", "[\"t\", \"h\", \"e\"]", "model.merges[3]: a merge is two symbols")]
    [InlineData("model.merges.3", "[\"t\", 4]", "model.merges[3]: a merge is two symbols")]
    [InlineData("model.merges.3", "7", "model.merges[3]: a merge is two symbols")]
    [InlineData("model.merges.3", "[\"q\", \"z\"]", "model.merges[3]: 'q', 'z' or 'qz' is not in model.vocab")]
    [InlineData("added_tokens", "{}", "added_tokens is no array of tokens")]
    [InlineData("added_tokens.0", "{\"id\": 4}", "an added token is an object with content and id")]
    [InlineData("added_tokens.0.id", "4711000", "the id of '<|startoftext|>' is 4711000")]
    [InlineData("added_tokens.0.id", "5", "'<|startoftext|>' has id 812 in model.vocab, and 5 in added_tokens")]
    [InlineData("added_tokens.0", "{\"id\": 5, \"content\": \"<|mask|>\"}", "both have id 5")]
    [InlineData("added_tokens.0", "{\"id\": 814, \"content\": \"<cat-toy>\"}", "added_tokens has '<cat-toy>', a word of its own beside CLIP's vocabulary")]
    public void Corrupt_tokens_and_merges_are_refused_where_they_stand(string key, string value, string mention)
    {
        Set(key, value);
        var message = Error();
        Assert.StartsWith($"{_folder["tokenizer.json"]}: ", message);
        Assert.Contains(mention, message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"model\": 7}")]
    public void What_holds_no_tokenizer_is_refused(string content)
    {
        _folder.Write("tokenizer.json", content);
        Assert.Contains("tokenizer.json: not a JSON object with a tokenizer's model", Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(_folder.Path, 77, 815)).Message);
    }

    [Fact]
    public void Special_tokens_may_stand_among_the_added_ones_alone()
    {
        foreach (var token in (string[])["<|startoftext|>", "<|endoftext|>"])
            _tokenizer["model"]!["vocab"]!.AsObject().Remove(token);
        Assert.Equal(Earlier().Tokenize("a photo").Ids, Load().Tokenize("a photo").Ids);
        _tokenizer["added_tokens"] = new JsonArray();
        Assert.Contains("token '<|startoftext|>' is missing", Error());
    }

    [Fact]
    public void A_merge_that_is_missing_is_found()
    {
        var merges = _tokenizer["model"]!["merges"]!.AsArray();
        var count = merges.Count;
        merges.RemoveAt(count - 1);
        Assert.Contains($"tokenizer.json: model.merges has {count - 1} merges, and model.vocab {count} tokens that are made by them", Error());
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void One_of_the_earlier_files_without_the_other_is_not_read(string file)
    {
        _folder.Write(file, "no vocabulary");
        Assert.NotEmpty(Load().Tokenize("a photo").Ids);
    }

    [Theory]
    [InlineData("spiece.model", "SentencePiece")]
    [InlineData("sentencepiece.bpe.model", "SentencePiece")]
    [InlineData("tokenizer.model", "SentencePiece")]
    [InlineData("vocab.txt", "WordPiece (BERT)")]
    public void The_file_of_another_tokenizer_is_refused_by_its_name(string file, string name)
    {
        _folder.Write(file, "");
        var message = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(_folder.Path, 77, 815)).Message;
        Assert.Equal($"{_folder[file]}: the text tower reads {name} tokens. Models that fit are CLIP with its own byte-pair tokenizer, such as openai/clip-vit-base-patch16.", message);
    }

    private static ClipTokenizer Earlier() => ClipTokenizer.Load(Model, 77, ClipConfig.Load(Model).VocabularySize);

    private ClipTokenizer Load()
    {
        _folder.Write("tokenizer.json", Transformers5.Bytes(_tokenizer));
        return ClipTokenizer.Load(_folder.Path, 77, ClipConfig.Load(Model).VocabularySize + 1);
    }

    private string Error() => Assert.Throws<ModelFormatException>(Load).Message;

    private void Set(string path, string value)
    {
        var keys = path.Split('.');
        var node = keys[..^1].Aggregate((JsonNode)_tokenizer, (node, key) => int.TryParse(key, out var index) ? node[index]! : node[key]!);
        if (int.TryParse(keys[^1], out var last))
            node[last] = JsonNode.Parse(value);
        else
            node[keys[^1]] = JsonNode.Parse(value);
    }
}
