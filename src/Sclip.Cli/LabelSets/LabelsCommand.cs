using System.CommandLine;
using System.Text;
using Sclip.Labels;

namespace Sclip.Cli.LabelSets;

/// <summary><c>sclip labels</c>: shows how a label set is read.</summary>
internal static class LabelsCommand
{
    private const string Description = """
        Print what Sclip understands of a label set, as the JSON that every command takes. How it was read, and what is probably wrong with it, go to the error stream.

        The name of the file does not matter. These forms are read: text (a class a line, synonyms behind ", ", lines that begin with # skipped; or a class and its colour a line, as road 128 64 128),
        tables with a line of column names (CSV, TSV; name, and color, synonyms, background, id), Sclip's JSON, arrays of names, maps of ids and names, Hugging Face's id2label,
        COCO's categories, CVAT's labels, Mapillary's configuration, YAML (YOLO's data.yaml, or a list of names or classes), VOC's labelmap.txt, TensorFlow's labelmap.pbtxt and
        Label Studio's configuration. Anything else is refused, with the line.
        """;

    public static Command Create(CliContext context)
    {
        var labels = new Argument<string>("LABELS") { Description = "A file, or names between commas." };
        var command = new Command("labels", Description) { labels };
        command.SetAction(async (parsed, _) =>
        {
            var read = LabelReader.Load(parsed.GetRequiredValue(labels));
            var count = read.Set.Classes.Count;
            await context.Error.WriteLineAsync($"{count} {(count == 1 ? "class" : "classes")}, read as {read.Form}.");
            foreach (var note in read.Notes)
                await context.Error.WriteLineAsync(note);
            foreach (var warning in LabelWarnings.Of(read.Set.Classes))
                await context.Error.WriteLineAsync($"warning: {warning}");
            await context.Output.WriteAsync(Encoding.UTF8.GetString(MaskLabels.Write(read.Set.Classes)));
            return ExitCodes.Done;
        });
        return command;
    }
}
