using Sclip.Imaging;
using Sclip.Labels;

namespace Sclip.Evaluation.Predictions;

/// <summary>What predictions are compared with: masks in a folder, or annotations that are read as masks.</summary>
public interface IGroundTruth
{
    /// <summary>What it is called: the file or folder as it was given.</summary>
    string Root { get; }

    /// <summary>Whether a prediction's picture has ground truth.</summary>
    /// <exception cref="EvaluationException">There are several that may be it.</exception>
    bool Has(string picture);

    /// <summary>The pictures that no prediction has, by names of their own; asked once <see cref="Has"/> was of all predictions.</summary>
    IEnumerable<string> Without(MaskFolder predictions);

    /// <summary>Where the ground truth of a picture stands, for messages.</summary>
    /// <exception cref="EvaluationException">There are several that may be it.</exception>
    string PathOf(string picture);

    /// <summary>Reads the label map of a prediction's picture. Several threads may call it at a time.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="limits">What a mask may be at most.</param>
    /// <param name="colors">How masks of colours are read; null refuses them.</param>
    /// <exception cref="EvaluationException">It cannot be read, or is no mask.</exception>
    LabelMap Read(string picture, ImageLimits limits, ColorCode? colors);

    /// <summary>Whether the masks of a folder are these very files.</summary>
    bool IsSameAs(MaskFolder predictions);

    /// <summary>Whether it says itself which pixels do not count, so that no value is to be noticed.</summary>
    bool IgnoresByPlan { get; }

    /// <summary>What is there where no mask is, for a message.</summary>
    string Describe();
}
