using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sclip.Dispatcher.Tests.Http;

/// <summary>Label files over HTTP, and in requests.</summary>
public sealed class LabelRequestTests(JobFixture fixture)
{
    [Fact]
    public async Task A_label_file_is_read_into_the_classes_of_a_request()
    {
        using var answer = await PostAsync("id,name,color\n2,traffic_light,\n1,sky,#4682b4\n");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var read = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("table", read["form"]!.GetValue<string>());
        Assert.Equal(["sky", "traffic_light"], read["classes"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()));
        Assert.Equal("#4682b4", read["classes"]![0]!["color"]!.GetValue<string>());
        Assert.Contains("The ids are 1 to 2", read["notes"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("underscore", read["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sky\ngrass,tree\n", "labels, line 2: 'grass,tree' may be one name or several")]
    [InlineData("", "labels: there is no class")]
    [InlineData("{\"a\": ", "labels, line 1: not valid JSON")]
    public async Task What_is_no_label_file_is_refused_with_its_line(string content, string expected)
    {
        using var answer = await PostAsync(content);
        Assert.Contains(expected, await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_no_label_file()
    {
        using var answer = await fixture.Client.PostAsync("/labels", new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0xFF, 0xFE, 0x00]));
        Assert.Contains("not UTF-8 text", await JobFixture.ProblemAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["sky", "grass"]""")]
    [InlineData("""{"1": "grass", "0": "sky"}""")]
    [InlineData("""{"id2label": {"0": "sky", "1": "grass"}, "model_type": "segformer"}""")]
    [InlineData("""{"categories": [{"id": 7, "name": "grass"}, {"id": 3, "name": "sky"}]}""")]
    [InlineData("""[{"name": "sky", "attributes": []}, {"name": "grass", "attributes": []}]""")]
    public async Task A_request_may_have_its_classes_in_any_form_of_JSON(string labels)
    {
        var request = JsonNode.Parse($$"""{"input": "no-such-container/x", "model": "demo/model", "labels": {{labels}}}""");
        using var answer = await fixture.Client.PostAsJsonAsync("/jobs", request);
        // The classes are taken; what is missing is the container.
        Assert.Contains("no-such-container", await JobFixture.ProblemAsync(answer, HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_describes_classes_as_a_list()
    {
        var document = JsonNode.Parse(await fixture.Client.GetStringAsync("/openapi/v1.json"))!;
        var schemas = document["components"]!["schemas"]!;
        var labels = schemas[schemas["JobRequest"]!["properties"]!["labels"]!["$ref"]!.GetValue<string>().Split('/')[^1]]!;
        Assert.Contains("array", labels["type"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("LabelClass", labels["items"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_names_members_of_a_request_as_requests_do()
    {
        var document = JsonNode.Parse(await fixture.Client.GetStringAsync("/openapi/v1.json"))!;
        foreach (var (_, property) in document["components"]!["schemas"]!["JobRequest"]!["properties"]!.AsObject())
            Assert.DoesNotContain("JobRequest.", property!.ToJsonString(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string content) => fixture.Client.PostAsync("/labels", new StringContent(content, Encoding.UTF8, "text/plain"));
}
