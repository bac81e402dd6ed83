using Sclip.Contracts;
using Sclip.Labels;

namespace Sclip.Formats.Importing;

/// <summary>Annotations that others made: classes, pictures, and the label map of each, read when it is asked for.</summary>
public interface IAnnotationSet : IDisposable
{
    /// <summary>What it is, as it stands in a sentence: <c>COCO instances</c>, <c>CVAT for images</c>, …</summary>
    string Form { get; }

    /// <summary>The classes that it names, in its order; a class's place is its value in the label maps.</summary>
    IReadOnlyList<LabelClass> Classes { get; }

    /// <summary>Whether pixels that no annotation covers are background, as in formats of regions; where it is false, they are void.</summary>
    bool LeavesBackground { get; }

    /// <summary>What a person should know of how it was read, a sentence each.</summary>
    IReadOnlyList<string> Notices { get; }

    /// <summary>The names of the pictures in its order, '/' between folders.</summary>
    IEnumerable<string> Pictures(CancellationToken cancellationToken);

    /// <summary>How many pixels a picture is said to have, told before it is read; 0 where that is not known.</summary>
    long PixelsOf(string picture);

    /// <summary>Reads the label map of a picture; <see cref="LabelMap.Nothing"/> where no annotation says anything. Several threads may call it at a time.</summary>
    /// <exception cref="ImportException">It cannot be read; the message says what of it, where, and what to do.</exception>
    LabelMap Read(string picture);
}
