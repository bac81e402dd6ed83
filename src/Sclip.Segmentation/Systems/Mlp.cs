using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>W2 f(W1 x + b1) + b2.</summary>
internal sealed record Mlp(LinearLayer First, MatrixFunction Activation, LinearLayer Second)
{
    /// <summary>Of each row.</summary>
    public Matrix Apply(Matrix x) => Second.Apply(First.Apply(x).Apply(Activation));

    /// <summary>Of each column: over tokens.</summary>
    public Matrix ApplyToColumns(Matrix x) => Apply(x.Transposed()).Transposed();

    /// <summary>Reads NAME.fc1 and NAME.fc2.</summary>
    public static Mlp Load(SystemLayers layers, string name, int outputs, int hidden, int inputs, MatrixFunction activation) =>
        new(layers.Linear($"{name}.fc1", hidden, inputs), activation, layers.Linear($"{name}.fc2", outputs, hidden));
}
