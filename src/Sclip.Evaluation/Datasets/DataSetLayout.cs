namespace Sclip.Evaluation.Datasets;

/// <summary>How a data set lies on disk: folders are relative to its root, with <c>/</c> between; of several the first that is there is taken.</summary>
public sealed record DataSetLayout
{
    /// <summary>Where the root may lie below the folder that is given, besides being that folder itself.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <summary>Folders of pictures.</summary>
    public required IReadOnlyList<string> Pictures { get; init; }

    /// <summary>What ends the name of a picture.</summary>
    public string PictureSuffix { get; init; } = ".jpg";

    /// <summary>Forms of ground truth; for each picture, the first that has a file is read.</summary>
    public required IReadOnlyList<GroundTruthForm> GroundTruth { get; init; }

    /// <summary>The file that lists the pictures, a name without suffix a line; null takes all in the folder.</summary>
    public string? Split { get; init; }

    /// <summary>Whether the pictures lie in folders of the pictures' folder, as Cityscapes has one a city.</summary>
    public bool Nested { get; init; }

    /// <summary>The files that are expected, in words.</summary>
    public string Describe()
    {
        var nested = Nested ? "*/" : "";
        var pictures = string.Join(" or ", Pictures.Select(folder => $"{folder}/{nested}*{PictureSuffix}"));
        var truth = string.Join(" or ", GroundTruth.Select(form => $"{form.Folder}/{nested}*{form.Suffix}"));
        return $"pictures {pictures}, ground truth {truth}{(Split is null ? "" : $", and the list {Split}")}";
    }
}

/// <summary>A form of ground truth: as the publisher has it, or prepared by others.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Suffix">What ends the name of a file.</param>
/// <param name="Table">What its ids mean.</param>
public sealed record GroundTruthForm(string Folder, string Suffix, LabelTable Table);
