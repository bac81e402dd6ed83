using Sclip.Segmentation.Algebra;

namespace Sclip.Segmentation.Systems;

/// <summary>
/// A 3 x 3 convolution over a grid of tokens, zeros around it, as one matrix product a band of the grid: a row of its left side is a token's nine
/// neighbours. Written in the operations of matrices, it runs on every backend.
/// </summary>
/// <param name="product">The weights as <see cref="Arrange"/> puts them, <c>[outputs, 9 * inputs]</c>.</param>
/// <param name="outputs">Channels of its result.</param>
/// <param name="inputs">Channels of its input.</param>
internal sealed class Convolution(LinearLayer product, int outputs, int inputs)
{
    private const int Side = 3, Neighbours = Side * Side;

    // The left side has nine times the values of its tokens: so many rows of it are made at a time.
    private const int RowsOfBand = 1024;

    /// <summary>Reads NAME.weight <c>[outputs, inputs, 3, 3]</c> and NAME.bias.</summary>
    public static Convolution Load(SystemLayers layers, string name, int outputs, int inputs) => new(
        layers.Linear(Arrange(layers.Tensors.Read($"{name}.weight", outputs, inputs, Side, Side), outputs, inputs), outputs, Neighbours * inputs, layers.Tensors.Read($"{name}.bias", outputs)),
        outputs, inputs);

    /// <summary>Weights <c>[outputs, inputs, 3, 3]</c> as those of a matrix product, <c>[outputs, 9 * inputs]</c>: the channels of a neighbour lie together.</summary>
    public static float[] Arrange(float[] weight, int outputs, int inputs)
    {
        var arranged = new float[weight.Length];
        for (var output = 0; output < outputs; output++)
            for (var input = 0; input < inputs; input++)
                for (var i = 0; i < Neighbours; i++)
                    arranged[(output * Neighbours + i) * inputs + input] = weight[(output * inputs + input) * Neighbours + i];
        return arranged;
    }

    /// <summary>x <c>[height * width, inputs]</c>, row by row, to <c>[height * width, outputs]</c>.</summary>
    public Matrix Apply(Matrix x, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Rows, height * width);
        var result = x.Algebra.Zeros(x.Rows, outputs);
        var padded = x.Algebra.Zeros((height + 2) * (width + 2), inputs);
        for (var y = 0; y < height; y++)
            padded.RowRange((y + 1) * (width + 2) + 1, width).Set(x.RowRange(y * width, width));
        var rowsOfBand = Math.Max(1, RowsOfBand / width);
        for (var first = 0; first < height; first += rowsOfBand)
        {
            using var scope = x.Algebra.Scope();
            var rows = Math.Min(rowsOfBand, height - first);
            // With the two zeros between rows of the grid a neighbour of all of them is a run of rows; what comes of those zeros is not taken over.
            var run = rows * (width + 2) - 2;
            var neighbours = x.Algebra.Zeros(run, Neighbours * inputs);
            for (var i = 0; i < Neighbours; i++)
                neighbours.ColumnRange(i * inputs, inputs).Set(padded.RowRange((first + i / Side) * (width + 2) + i % Side, run));
            var band = product.Apply(neighbours);
            for (var y = 0; y < rows; y++)
                result.RowRange((first + y) * width, width).Set(band.RowRange(y * (width + 2), width));
        }
        return result;
    }
}
