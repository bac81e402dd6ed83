using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sclip.Contracts;

namespace Sclip.Dispatcher.Http;

/// <summary>Describes classes in the service's own document, which cannot look into how they are read.</summary>
internal static class LabelsSchema
{
    public static async Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type != typeof(IReadOnlyList<LabelClass>))
            return;
        schema.Type = JsonSchemaType.Array;
        schema.Items = await context.GetOrCreateSchemaAsync(typeof(LabelClass), parameterDescription: null, cancellationToken);
        schema.Description = "The classes; a request may have them in any of the forms in JSON that `sclip labels` reads: an array of names, id2label, COCO's categories, …";
    }
}
