using Sclip.Contracts;
using Sclip.Imaging;

namespace Sclip.Formats.Importing;

/// <summary>How annotations of others are read.</summary>
public sealed record ImportOptions
{
    /// <summary>What holds where nothing is said.</summary>
    public static ImportOptions Default { get; } = new();

    /// <summary>The form that they are to be read as, one of <see cref="AnnotationSets.Forms"/>; null finds it out.</summary>
    public string? Format { get; init; }

    /// <summary>Classes that are given, for forms that name none themselves; null where there are none.</summary>
    public IReadOnlyList<LabelClass>? Labels { get; init; }

    /// <summary>Colours of pixels that belong to no class, in masks of colours.</summary>
    public IReadOnlyCollection<RgbColor> VoidColors { get; init; } = [];

    /// <summary>The folder of the masks, for forms whose document does not lie beside them; null looks where they usually are.</summary>
    public string? Masks { get; init; }

    /// <summary>The folder of the pictures, for forms that tell nothing of their sizes or names; null looks where they usually are.</summary>
    public string? Pictures { get; init; }

    /// <summary>What a picture or a document may be at most.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;
}
