using System.Globalization;
using Sclip.Contracts.Jobs;
using Sclip.Dispatcher.Board;

namespace Sclip.Dispatcher.Catalog;

/// <summary>The words by which a job is searched, in small letters.</summary>
/// <param name="Text">Name, id, input and model, a line each.</param>
/// <param name="Labels">The names of its classes, a line each; many jobs have the same.</param>
internal sealed record JobWords(string Text, string Labels)
{
    public static JobWords Of(JobDocument job) =>
        new(Folded(string.Join('\n', job.Name, job.Id, JobFacts.Of(job).Input, job.Model)), Folded(string.Join('\n', job.Labels.SelectMany(label => label.AllNames))));

    /// <summary>Those of a job whose document cannot be read.</summary>
    public static JobWords Of(string id) => new(id, "");

    /// <summary>A text as it is compared.</summary>
    public static string Folded(string text) => text.ToLower(CultureInfo.InvariantCulture);
}
