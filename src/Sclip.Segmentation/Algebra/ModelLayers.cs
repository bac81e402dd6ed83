namespace Sclip.Segmentation.Algebra;

/// <summary>y = x WT + b, its weights where the backend computes.</summary>
internal abstract class LinearLayer : IDisposable
{
    /// <summary>x <c>[rows, in]</c> to <c>[rows, out]</c>.</summary>
    public abstract Matrix Apply(Matrix x);

    public abstract void Dispose();
}

/// <summary>A layer norm, its weights where the backend computes.</summary>
internal abstract class NormLayer : IDisposable
{
    /// <summary>Each row of x normalised, then scaled and shifted.</summary>
    public abstract Matrix Apply(Matrix x);

    public abstract void Dispose();
}

/// <summary>Brings the weights of layers to where a backend computes.</summary>
internal interface ILayerFactory
{
    /// <summary>A linear layer of weights <c>[outputs, inputs]</c>, row by row, and a bias <c>[outputs]</c> where there is one.</summary>
    LinearLayer Linear(float[] weight, int outputs, int inputs, float[]? bias);

    /// <summary>A layer norm of weights and bias <c>[width]</c>.</summary>
    NormLayer Norm(float[] weight, float[] bias, float epsilon);
}
