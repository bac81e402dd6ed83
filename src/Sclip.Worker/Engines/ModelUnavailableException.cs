namespace Sclip.Worker.Engines;

/// <summary>A model that cannot be had now, and may be later: the hub cannot be reached, or this machine lacks room for it.</summary>
/// <param name="model">The model.</param>
/// <param name="cause">Why, as it follows the model's name: <c>cannot be pulled now: …</c>.</param>
/// <param name="inner">What it came from.</param>
public sealed class ModelUnavailableException(string model, string cause, Exception? inner = null) : Exception($"The model '{model}' {cause}", inner)
{
    /// <summary>Why, as it follows the model's name.</summary>
    public string Cause => cause;

    /// <summary>What holds a job up that needs it.</summary>
    public JobHold Hold => JobHold.OfModel(model, cause);
}
