using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>Reads a model's layers by the names of their tensors, brings them to where a backend computes, and lets go of all of them together.</summary>
/// <param name="tensors">The weights.</param>
/// <param name="factory">The backend's layers.</param>
internal sealed class SystemLayers(SafeTensors tensors, ILayerFactory factory) : IDisposable
{
    private readonly List<IDisposable> _layers = [];

    /// <summary>The weights, for what is no layer.</summary>
    public SafeTensors Tensors => tensors;

    /// <summary>y = x WT + b, of NAME.weight <c>[outputs, inputs]</c> and NAME.bias.</summary>
    public LinearLayer Linear(string name, int outputs, int inputs) =>
        Linear(tensors.Read($"{name}.weight", outputs, inputs), outputs, inputs, tensors.Read($"{name}.bias", outputs));

    /// <summary>y = x WT + b.</summary>
    /// <param name="weight"><c>[outputs, inputs]</c>, row by row.</param>
    /// <param name="outputs">Columns of y.</param>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="bias"><c>[outputs]</c>; null for none.</param>
    public LinearLayer Linear(float[] weight, int outputs, int inputs, float[]? bias) => Keep(factory.Linear(weight, outputs, inputs, bias));

    /// <summary>A layer norm, of NAME.weight and NAME.bias <c>[width]</c>.</summary>
    public NormLayer Norm(string name, int width, float epsilon) => Keep(factory.Norm(tensors.Read($"{name}.weight", width), tensors.Read($"{name}.bias", width), epsilon));

    public void Dispose()
    {
        foreach (var layer in _layers)
            layer.Dispose();
    }

    private T Keep<T>(T layer)
        where T : IDisposable
    {
        _layers.Add(layer);
        return layer;
    }
}
