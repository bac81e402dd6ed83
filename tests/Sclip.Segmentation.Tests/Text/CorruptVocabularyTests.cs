using System.Text.Json.Nodes;
using Sclip.Segmentation.Text;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.Text;

public sealed class CorruptVocabularyTests : IDisposable
{
    private readonly TemporaryFolder _model = new();
    private readonly JsonObject _vocabulary;
    private readonly List<string> _merges;

    public CorruptVocabularyTests()
    {
        var golden = Golden.ModelDirectory(Golden.Models.First());
        _vocabulary = JsonNode.Parse(File.ReadAllText(Path.Combine(golden, "vocab.json")))!.AsObject();
        _merges = [.. File.ReadAllLines(Path.Combine(golden, "merges.txt"))];
    }

    [Fact]
    public void Line_ends_of_windows_and_no_version_line_are_fine()
    {
        WriteVocabulary();
        _merges.RemoveAt(0);
        _model.Write("merges.txt", string.Join("\r\n", _merges) + "\r\n");
        Assert.NotEmpty(Load().Tokenize("a photo").Ids);
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    public void A_missing_file_is_named(string file)
    {
        WriteVocabulary();
        WriteMerges();
        File.Delete(_model[file]);
        Assert.Contains($"{_model[file]} is missing", Error());
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "it is no vocabulary of a CLIP model")]
    [InlineData("""{"a": "b"}""", "the id of 'a'")]
    [InlineData("""{"a": -1}""", "the id of 'a'")]
    [InlineData("""{"a": 0, "b": 0}""", "'a' and 'b' both have id 0")]
    [InlineData("""{"a": 0, "a": 1}""", "'a' is there twice")]
    public void A_corrupt_vocabulary_is_refused(string content, string expected)
    {
        _model.Write("vocab.json", content);
        WriteMerges();
        Assert.Contains(expected, Error());
        Assert.Contains(_model["vocab.json"], Error());
    }

    [Fact]
    public void An_id_that_the_model_has_no_embedding_of_is_refused()
    {
        WriteVocabulary();
        WriteMerges();
        var error = Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(_model.Path, 77, _vocabulary.Count - 1));
        Assert.Contains($"ids are 0..{_vocabulary.Count - 2}", error.Message);
    }

    [Fact]
    public void A_vocabulary_without_special_tokens_is_refused()
    {
        _vocabulary.Remove("<|endoftext|>");
        WriteVocabulary();
        WriteMerges();
        Assert.Contains("'<|endoftext|>' is missing", Error());
    }

    [Theory]
    [InlineData("z", "two symbols")]
    [InlineData("a b c", "two symbols")]
    [InlineData("a  b", "two symbols")]
    [InlineData("zq zq", "is not in vocab.json")]
    [InlineData("q z", "is not in vocab.json")]
    public void A_corrupt_merge_is_refused_with_its_line(string merge, string expected)
    {
        WriteVocabulary();
        _merges.Insert(5, merge);
        WriteMerges();
        Assert.Contains($"{_model["merges.txt"]}, line 6", Error());
        Assert.Contains(expected, Error());
    }

    [Fact]
    public void A_merge_that_is_there_twice_is_refused()
    {
        WriteVocabulary();
        _merges.Add(_merges[1]);
        WriteMerges();
        Assert.Contains("is there twice", Error());
    }

    [Fact]
    public void Merges_that_are_missing_are_counted()
    {
        WriteVocabulary();
        var (all, last) = (_merges.Count - 1, _merges[^1].Replace(" ", "", StringComparison.Ordinal));
        _merges.RemoveAt(_merges.Count - 1);
        WriteMerges();
        Assert.Equal($"{_model["merges.txt"]} has {all - 1} merges, and vocab.json {all} tokens that are made by them, but '{last}' by none of these: the file is cut or of another model.", Error());
        _merges.RemoveRange(1, all - 1);
        WriteMerges();
        Assert.Contains($"has 0 merges, and vocab.json {all} tokens", Error());
    }

    [Fact]
    public void Further_special_tokens_and_second_ways_to_make_a_token_are_fine()
    {
        _vocabulary["<|mask|>"] = _vocabulary.Count;
        var merged = _vocabulary.Select(token => token.Key).First(token => token.Length == 3 && !_merges.Contains($"{token[0]} {token[1..]}") && _merges.Contains($"{token[..2]} {token[2]}"));
        _merges.Add($"{merged[0]} {merged[1..]}");
        WriteMerges();
        WriteVocabulary();
        Assert.NotEmpty(Load().Tokenize("a photo").Ids);
    }

    public void Dispose() => _model.Dispose();

    private void WriteVocabulary() => _model.Write("vocab.json", _vocabulary.ToJsonString());

    private void WriteMerges() => _model.Write("merges.txt", string.Join('\n', _merges) + "\n");

    private ClipTokenizer Load() => ClipTokenizer.Load(_model.Path, 77, _vocabulary.Count + 1);

    private string Error() => Assert.Throws<ModelFormatException>(Load).Message;
}
