using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sclip.Contracts.Reviews;

namespace Sclip.Dispatcher.Http;

/// <summary>Describes decisions in the service's own document, which cannot look into how they are read.</summary>
internal static class DecisionSchema
{
    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.JsonTypeInfo.Type != typeof(ReviewDecision))
            return;
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. ReviewDecisionJson.Names.Select(name => JsonValue.Create(name))];
    }
}
