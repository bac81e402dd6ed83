using System.Text.Json.Nodes;
using Sclip.Deployment.Tests.Compose;

namespace Sclip.Deployment.Tests.Schemas;

public class ComposeSchemaTests
{
    [Fact]
    public async Task The_compose_file_is_what_its_schema_says() => Assert.Empty(await SchemaCheck.ComposeProblemsAsync(ComposeFile.Read()));

    [Theory]
    [InlineData("services/worker/read_onli", "true")]
    [InlineData("services/worker/depends_on/rabbitmq/condition", "\"service_well\"")]
    [InlineData("services/grafana/healthcheck/intervall", "\"5s\"")]
    [InlineData("services/azurite/ports", "\"10000\"")]
    [InlineData("volume", "{}")]
    public async Task A_field_that_is_mistyped_or_of_another_type_is_found(string path, string json)
    {
        var changed = ComposeFile.Read();
        var keys = path.Split('/');
        keys[..^1].Aggregate((JsonNode)changed, (node, key) => node[key]!)[keys[^1]] = JsonNode.Parse(json);
        Assert.NotEmpty(await SchemaCheck.ComposeProblemsAsync(changed));
    }
}
