using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sclip.Contracts.Reviews;

namespace Sclip.Dispatcher.Http;

/// <summary>Describes decisions in the service's own document, which cannot look into how they are read.</summary>
internal static class DecisionSchema
{
    public static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        if (context.JsonTypeInfo.Type == typeof(ReviewDecision))
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. ReviewDecisionJson.Names.Select(name => JsonValue.Create(name))]);
        return Task.CompletedTask;
    }
}
