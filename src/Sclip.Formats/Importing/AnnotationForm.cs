namespace Sclip.Formats.Importing;

/// <summary>A form of annotations that is read.</summary>
public sealed class AnnotationForm
{
    /// <param name="names">What it is called on the command line: the usual name first.</param>
    /// <param name="description">What it is, in a line.</param>
    /// <param name="tryOpen">Opens a file or folder; null where it is of another form.</param>
    internal AnnotationForm(string[] names, string description, Func<string, ImportOptions, CancellationToken, IAnnotationSet?> tryOpen) => (Names, Description, TryOpen) = (names, description, tryOpen);

    /// <summary>What it is called on the command line: the usual name first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What it is, in a line.</summary>
    public string Description { get; }

    /// <summary>Whether it takes any folder of masks, whatever their values mean; such a folder is for some no annotations but what it is.</summary>
    public bool TakesAnyMasks { get; internal init; }

    /// <summary>
    /// Opens a file or folder; null where it is of another form, which the next reader is asked for. What is of this form and cannot be read, or
    /// lacks something, is an <see cref="ImportException"/>.
    /// </summary>
    internal Func<string, ImportOptions, CancellationToken, IAnnotationSet?> TryOpen { get; }
}
