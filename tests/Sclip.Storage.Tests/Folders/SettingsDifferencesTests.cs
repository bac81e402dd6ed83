using System.Text.Json.Nodes;
using Sclip.Contracts.Folders;

namespace Sclip.Storage.Tests.Folders;

public class SettingsDifferencesTests
{
    [Theory]
    [InlineData("""{"stride": 32, "crop": null}""", """{"stride": 32.0}""")]
    [InlineData("""{"stride": 32, "crop": 64}""", """{"stride": 16, "crop": null}""", "stride: 32 there, 16 now", "crop: 64 there, not set now")]
    [InlineData("""{"method": "sclip"}""", """{"method": "clip", "new": true}""", "method: 'sclip' there, 'clip' now", "new: not set there, true now")]
    [InlineData("""{"settings": {"overlay": false}}""", """{"settings": {"overlay": true}}""", "settings.overlay: false there, true now")]
    [InlineData("""{"ways": ["clip", "sclip"]}""", """{"ways": []}""", "methods: 'clip', 'sclip' there, none now")]
    [InlineData("""{"templates": ["1", "2", "3", "4", "5", "6", "7"]}""", """{"templates": ["1", "b"]}""", "templates: 7 there, 2 now (the first that differs is number 2: '2' there, 'b' now)")]
    [InlineData("""{"templates": ["1", "2", "3", "4", "5", "6", "7"]}""", """{"templates": null}""", "templates: 7 there, not set now")]
    [InlineData("""{"templates": ["1", "2", "3", "4", "5", "6", "7"]}""", """{"templates": ["1", "2", "3", "4", "5", "6"]}""", "templates: 7 there, 6 now (the first that differs is number 7: '7' there, not set now)")]
    [InlineData("""{"model": "f1", "model_name": "a/b"}""", """{"model": "f1", "model_name": "/elsewhere"}""")]
    [InlineData("""{"model": "f1", "model_name": "a/b"}""", """{"model": "f2", "model_name": "c/d"}""", "model: 'a/b' (fingerprint f1) there, 'c/d' (fingerprint f2) now")]
    [InlineData("""{"model": "f1"}""", """{"model": "f2", "model_name": "c/d"}""", "model: 'f1' there, 'c/d' (fingerprint f2) now")]
    [InlineData("""{"projection": "0123456789abcdef"}""", """{"projection": null}""", "projection: fingerprint 0123456789ab… there, not set now")]
    [InlineData("""{"projections": {"sclip-projection:/w.npy": "f1"}}""", """{"projections": {"sclip-projection:/w.npy": "f2"}}""", "projections.sclip-projection:/w.npy: fingerprint f1 there, fingerprint f2 now")]
    [InlineData("""{"background": 0, "labels": [{"name": "sky"}]}""", """{"background": null, "labels": [{"name": "sky"}]}""", "background: class 0 'sky' there, not set now")]
    public void Each_setting_that_differs_is_named_with_both_values(string there, string now, params string[] differences) =>
        Assert.Equal(differences, SettingsDifferences.Of(JsonNode.Parse(there)!.AsObject(), JsonNode.Parse(now)!.AsObject()));

    [Theory]
    [InlineData("""[{"name": "sky", "synonyms": []}]""", """[{"name": "sky", "color": null}]""", null)]
    [InlineData("""[{"name": "a"}, {"name": "sand"}]""", """[{"name": "a"}, {"name": "beach"}]""", "only there: 'sand'; only now: 'beach'; class 1 is 'sand' there, 'beach' now")]
    [InlineData("""[{"name": "a"}]""", """[{"name": "a"}, {"name": "b"}]""", "1 class there, 2 now; only now: 'b'")]
    [InlineData("""[{"name": "a"}, {"name": "b"}]""", """[{"name": "b"}, {"name": "a"}]""", "class 0 is 'a' there, 'b' now")]
    [InlineData("""[{"name": "a", "synonyms": ["x"]}]""", """[{"name": "a", "synonyms": ["y", "z"]}]""", "synonyms of 'a': 'x' there, 'y', 'z' now")]
    [InlineData("""[{"name": "sky", "color": "#0000ff"}]""", """[{"name": "sky"}]""", "colour of 'sky': #0000ff there, not set now")]
    [InlineData("""[{"name": "a", "color": "#0000ff"}, {"name": "b", "color": "#00ff00"}]""", """[{"name": "a"}, {"name": "b", "synonyms": ["c"]}]""", "synonyms of 'b': none there, 'c' now; colours of 2 classes, such as 'a': #0000ff there, not set now")]
    [InlineData("""[{"name": "sky", "background": true}]""", """[{"name": "sky"}]""", "'sky' is the background there, no background now")]
    public void Classes_are_compared_by_their_names(string there, string now, string? difference) =>
        Assert.Equal(difference is null ? [] : [$"labels: {difference}"], SettingsDifferences.Of(Labels(there), Labels(now)));

    [Fact]
    public void Of_many_names_the_first_are_told_and_how_many_more()
    {
        var many = string.Join(',', Enumerable.Range(0, 13).Select(i => $$"""{"name": "{{i}}"}"""));
        var said = Assert.Single(SettingsDifferences.Of(Labels($"[{many}]"), Labels("[]")));
        Assert.Equal("labels: 13 classes there, 0 now; only there: '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' and 3 more", said);
    }

    private static JsonObject Labels(string labels) => new() { ["labels"] = JsonNode.Parse(labels) };
}
