namespace Sclip.Formats;

/// <summary>What a reader needs of a format; what is null is left as it is asked for.</summary>
/// <param name="Format">The format's name.</param>
public sealed record ReaderFormat(string Format)
{
    /// <summary>The shapes that it knows.</summary>
    public ExportShapes? Shapes { get; init; }

    /// <summary>The share of pictures that it validates on, where none is asked for.</summary>
    public double? Validation { get; init; }
}
