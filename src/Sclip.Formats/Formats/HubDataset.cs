using System.Globalization;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>What data sets of Hugging Face have in every form: names of parts, <c>id2label.json</c>, and a card that says where the parts are.</summary>
internal static class HubDataset
{
    /// <summary>The column of pictures.</summary>
    public const string ImageColumn = "image";

    /// <summary>The column of masks, as the trainers of transformers call it.</summary>
    public const string LabelColumn = "label";

    /// <summary>What stands for no class in masks, which the losses of transformers leave out.</summary>
    public const byte Nothing = 255;

    /// <summary>A part's name: the library knows train, validation and test.</summary>
    public static string PartOf(string split) => split == ExportOptions.ValidationSplit ? "validation" : split;

    /// <summary>Writes what is known before any picture.</summary>
    /// <param name="context">The export.</param>
    /// <param name="filesOf">The files of a part, as a pattern.</param>
    /// <exception cref="ExportException">A part has a name that the library refuses.</exception>
    public static void Begin(ExportContext context, Func<string, string> filesOf)
    {
        if (context.Options.Split.Contains('-', StringComparison.Ordinal) || context.Options.Split.StartsWith('.') || context.Options.Split.EndsWith('.') || context.Options.Split.Contains("..", StringComparison.Ordinal))
            throw new ExportException($"--split {context.Options.Split}: Hugging Face's parts have names of letters, digits and '_', with '.' between them. Choose another.");
        using var labels = context.Folder.Create("id2label.json");
        labels.Write(JsonText.Bytes(json =>
        {
            json.WriteStartObject();
            foreach (var (index, label) in context.Classes.Index())
                json.WriteString(index.ToString(CultureInfo.InvariantCulture), label.Name);
            json.WriteEndObject();
        }));
        labels.Write("\n"u8);
        using var card = new StreamWriter(context.Folder.Create("README.md"));
        card.Write("---\ntask_categories:\n- image-segmentation\nconfigs:\n- config_name: default\n  data_files:\n");
        foreach (var split in context.Splits.Names)
            card.Write($"  - split: {PartOf(split)}\n    path: {filesOf(PartOf(split))}\n");
        card.Write("---\n\nPictures and their masks: the value of a pixel is its class in `id2label.json`, 255 is none. Exported by Sclip.\n");
    }
}
