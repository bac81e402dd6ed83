using System.Globalization;
using Sclip.Formats.Writing;

namespace Sclip.Formats.Formats;

/// <summary>What data sets of Hugging Face have in every form: names of parts, <c>id2label.json</c>, and a card that says where the parts are.</summary>
internal sealed class HubDataset
{
    /// <summary>The column of pictures.</summary>
    public const string ImageColumn = "image";

    /// <summary>The column of masks, as the trainers of transformers call it.</summary>
    public const string LabelColumn = "label";

    /// <summary>What stands for no class in masks, which the losses of transformers leave out.</summary>
    public const byte Nothing = 255;

    /// <summary>A part's name: the library knows train, validation and test.</summary>
    public static string PartOf(string split) => split == ExportOptions.ValidationSplit ? "validation" : split;

    private readonly ExportContext _context;
    private readonly HashSet<string> _splits = [];

    /// <summary>Writes what is known before any picture.</summary>
    /// <exception cref="ExportException">A part has a name that the library refuses.</exception>
    public HubDataset(ExportContext context)
    {
        _context = context;
        if (context.Options.Split.Split('.').Any(name => name.Length == 0 || name.Contains('-', StringComparison.Ordinal)))
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
    }

    /// <summary>Takes note that a picture is in its part.</summary>
    public void Add(LabelledPicture picture) => _splits.Add(picture.Split);

    /// <summary>Writes the card, of the parts that have pictures: the library tells by a part's files of what kind it is.</summary>
    /// <param name="filesOf">The files of a part, as a pattern.</param>
    public async Task EndAsync(Func<string, string> filesOf)
    {
        await using var card = new StreamWriter(_context.Folder.Create("README.md"));
        await card.WriteAsync("---\ntask_categories:\n- image-segmentation\nconfigs:\n- config_name: default\n  data_files:\n");
        foreach (var part in _context.Splits.Names.Where(split => _splits.Count == 0 || _splits.Contains(split)).Select(PartOf))
            await card.WriteAsync($"  - split: {part}\n    path: {filesOf(part)}\n");
        await card.WriteAsync("---\n\nPictures and their masks: the value of a pixel is its class in `id2label.json`, 255 is none. Exported by Sclip.\n");
    }
}
