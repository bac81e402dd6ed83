using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>A projection of two layers: W2 relu(norm(W1 x + b1)) + b2, the norm a batch norm by its running statistics, which is folded into W1 and b1.</summary>
internal sealed class ProjectionHead(LinearLayer first, LinearLayer second)
{
    // torch's default, which no configuration changes.
    private const float Epsilon = 1e-5f;

    /// <summary>x <c>[rows, inputs]</c> to <c>[rows, outputs]</c>.</summary>
    public Matrix Apply(Matrix x) => second.Apply(first.Apply(x).Apply(MatrixFunction.Relu));

    /// <summary>Reads NAME.0 (linear), NAME.1 (batch norm) and NAME.3 (linear).</summary>
    public static ProjectionHead Load(SystemLayers layers, string name, int outputs, int hidden, int inputs)
    {
        var tensors = layers.Tensors;
        var (weight, bias) = (tensors.Read($"{name}.0.weight", hidden, inputs), tensors.Read($"{name}.0.bias", hidden));
        var (gain, shift) = (tensors.Read($"{name}.1.weight", hidden), tensors.Read($"{name}.1.bias", hidden));
        var (mean, variance) = (tensors.Read($"{name}.1.running_mean", hidden), tensors.Read($"{name}.1.running_var", hidden));
        for (var row = 0; row < hidden; row++)
        {
            if (variance[row] < 0)
                throw new ModelFormatException($"{tensors.Path}: {name}.1.running_var holds a negative variance; the weights are corrupt.");
            var factor = gain[row] / Math.Sqrt((double)variance[row] + Epsilon);
            for (var column = 0; column < inputs; column++)
                weight[row * inputs + column] = (float)(weight[row * inputs + column] * factor);
            bias[row] = (float)((bias[row] - (double)mean[row]) * factor + shift[row]);
        }
        return new(layers.Linear(weight, hidden, inputs, bias), layers.Linear($"{name}.3", outputs, hidden));
    }
}
