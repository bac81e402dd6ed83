using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sclip.Contracts.Jobs;
using Sclip.Labels;
using Sclip.Workbench.Labelling;
using Sclip.Workbench.Sessions;

namespace Sclip.Workbench.Http;

/// <summary>Saving over HTTP: the classes as a label file, and what labels everything by it.</summary>
internal static class SaveEndpoints
{
    public static void MapSaving(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions/{id}/save", (string id, LabelQuery query, SessionStore store) => Save(store.Find(id), query));
        routes.MapGet("/sessions/{id}/labels.json", (string id, SessionStore store) => Download(store.Find(id)));
    }

    private static SavedView Save(Session session, LabelQuery query)
    {
        var labels = Session.Read(query.Labels);
        session.Options(query.Settings, labels);
        var (content, path) = (MaskLabels.Write(labels.Classes), session.Setup.LabelFile);
        if (path is not null)
            LabelFile.Write(path, content);
        session.Saved = content;
        var plan = session.Setup.Plan(labels, query.Settings);
        return new SavedView(NameOf(session), path, plan.Commands, plan.Job, plan.Note);
    }

    private static IResult Download(Session session) => session.Saved is { } content
        ? TypedResults.File(content, "application/json", NameOf(session))
        : throw new WorkbenchException(StatusCodes.Status404NotFound, "Nothing was saved yet: save the classes first.");

    private static string NameOf(Session session) => session.Setup.LabelFile is { } path ? Path.GetFileName(path) : MaskLabels.FileName;
}

/// <summary>What was saved.</summary>
/// <param name="File">What the file is called.</param>
/// <param name="Path">Where it was written; null where it is only downloaded.</param>
/// <param name="Commands">Commands that label everything.</param>
/// <param name="Job">A job that does; null where there is none.</param>
/// <param name="Note">What is to be known of them.</param>
internal sealed record SavedView(string File, string? Path, IReadOnlyList<string> Commands, JobRequest? Job, string Note);
