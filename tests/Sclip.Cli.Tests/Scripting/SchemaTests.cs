using System.Text.Json.Nodes;
using Sclip.Testing;

namespace Sclip.Cli.Tests.Scripting;

public sealed class SchemaTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { """{"to":"a","uploaded":1,"replaced":0,"present":0}""", "/failed: missing" },
        { """{"to":"a","uploaded":"1","replaced":0,"present":0,"failed":0}""", "/uploaded: no integer" },
        { """{"to":"a","uploaded":1.5,"replaced":0,"present":0,"failed":0}""", "/uploaded: no integer" },
        { """{"to":"a","uploaded":-1,"replaced":0,"present":0,"failed":0}""", "/uploaded: -1 is out of range" },
        { """{"to":null,"uploaded":1,"replaced":0,"present":0,"failed":0}""", "/to: no string" },
        { """{"to":"a","uploaded":1,"replaced":0,"present":0,"failed":0,"more":1}""", "/more: not described" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_check_finds_what_is_missing_wrong_or_not_described(string document, string problem) =>
        Assert.Equal([problem], SchemaCheck.Problems("upload", JsonNode.Parse(document)!));

    [Fact]
    public void Each_schema_stands_in_the_documentation()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "json.md"));
        var schemas = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "schemas")).Select(Path.GetFileName).ToArray();
        Assert.NotEmpty(schemas);
        Assert.All(schemas, schema => Assert.Contains($"(schemas/{schema})", text, StringComparison.Ordinal));
    }
}
