using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems;

/// <summary>What a model's configuration says of a system that brings its own way of segmenting, beside the sizes of <see cref="ClipConfig"/>.</summary>
internal abstract record TrainedConfig
{
    /// <summary>The only method that runs on it.</summary>
    public abstract string Method { get; }

    /// <summary>What such a model is called.</summary>
    public abstract string Title { get; }

    /// <summary>The settings that its authors evaluate with, and the prompts.</summary>
    public abstract ModelDefaults Defaults { get; }

    /// <summary>Mean and deviation that its authors evaluate with, where those in the directory are others; null takes the directory's.</summary>
    public virtual PixelNormalisation? Normalisation => null;

    /// <summary>Whether a name's embedding is the mean of its prompts' features brought to unit length, as CLIP's; else the mean of them as they are.</summary>
    public virtual bool NormalisesPrompts => false;

    /// <summary>Gives the tensors of the text tower the names that they have in Hugging Face's CLIP, where they have others.</summary>
    public virtual void Rename(SafeTensors tensors, ClipConfig config)
    {
    }

    /// <summary>Refuses weights with more blocks of the vision side than the configuration tells of: those left out would change every label.</summary>
    public virtual void RequireAllLayers(SafeTensors tensors)
    {
    }

    /// <summary>What the text tower ends in; null where it is one matrix, text_projection.weight.</summary>
    public virtual ProjectionHead? LoadTextHead(SystemLayers layers, ClipConfig config) => null;

    /// <summary>Reads the vision side.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, or has another shape than the configuration says.</exception>
    public abstract ITrainedSystem Load(SystemLayers layers, ClipConfig config);
}
