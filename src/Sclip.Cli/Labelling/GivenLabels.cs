using Sclip.Labels;

namespace Sclip.Cli.Labelling;

/// <summary>Reads what <c>--labels</c> gives, the same for every command, and tells on the error stream how it was read.</summary>
internal static class GivenLabels
{
    /// <summary>What <c>--labels</c> may be, for the help.</summary>
    public const string Forms = "a file of class names (text, CSV, JSON, YAML, COCO, CVAT, Label Studio, …; see sclip labels), or \"cat, dog, …\"";

    /// <exception cref="LabelSetException">They cannot be used.</exception>
    public static LabelSet Read(CliContext context, string fileOrNames)
    {
        var read = LabelReader.Load(fileOrNames);
        foreach (var note in read.Notes)
            context.Error.WriteLine($"labels: {note}");
        return read.Set;
    }
}
