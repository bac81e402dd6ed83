using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Dashboard;

/// <summary>Reads label files for those who choose classes on a page.</summary>
public static class LabelEndpoints
{
    /// <summary>Maps <c>/labels</c>.</summary>
    public static void MapLabels(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/labels", ReadAsync).WithTags("Labels").ProducesProblem(400).ProducesProblem(401)
            .WithSummary("Reads a label file in any of the forms that `sclip labels` reads, and answers with its classes in ours.");

    private static async Task<LabelReading> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await body.CopyToAsync(content, cancellationToken);
        var read = LabelReader.Parse(content.ToArray(), "labels");
        return new LabelReading(read.Form, read.Set.Classes, read.Notes, LabelWarnings.Of(read.Set.Classes));
    }
}

/// <summary>A label file as it was read.</summary>
/// <param name="Form">The form it was in.</param>
/// <param name="Classes">The classes, as a request takes them.</param>
/// <param name="Notes">How it was read.</param>
/// <param name="Warnings">What is likely wrong with it.</param>
internal sealed record LabelReading(string Form, IReadOnlyList<LabelClass> Classes, IReadOnlyList<string> Notes, IReadOnlyList<string> Warnings);
