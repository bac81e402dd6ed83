using global::TorchSharp;
using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.TorchSharp.Vision;
using static global::TorchSharp.torch;
using static global::TorchSharp.torch.nn;

namespace Sclip.Segmentation.TorchSharp.Algebra;

/// <summary>A matrix on a device: a tensor of 32 bits, whatever the model's layers are computed in. It lives as long as the scope that it was made in.</summary>
internal sealed class TorchMatrix(TorchAlgebra algebra, Tensor tensor) : Matrix((int)tensor.shape[0], (int)tensor.shape[1])
{
    public override MatrixAlgebra Algebra => algebra;

    /// <summary>The values, <c>[Rows, Columns]</c>.</summary>
    public Tensor Tensor => tensor;

    /// <summary>Another matrix beside this one.</summary>
    public TorchMatrix New(Tensor values) => algebra.Of(values);

    public override Matrix TimesTransposed(Matrix b) => New(tensor.mm(Of(b).t()));

    public override Matrix Part(int firstRow, int rows, int firstColumn, int columns) => New(tensor.narrow(0, firstRow, rows).narrow(1, firstColumn, columns));

    public override Matrix TakeRows(ReadOnlySpan<int> rows)
    {
        // Checked here, since CUDA gives the whole process up over an index that is out of range.
        var indices = new long[rows.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)Rows, nameof(rows));
            indices[i] = rows[i];
        }
        return New(tensor.index_select(0, torch.tensor(indices).to(tensor.device)));
    }

    public override Matrix Transposed() => New(tensor.t().clone());

    public override void Set(Matrix values)
    {
        RequireSize(values);
        tensor.copy_(Of(values));
    }

    public override Matrix Scale(float factor, float offset)
    {
        var scaled = tensor.mul(Number(factor));
        return New(offset == 0 ? scaled : scaled.add_(Number(offset), Scalars.One));
    }

    public override Matrix Apply(MatrixFunction function) => New(function switch
    {
        MatrixFunction.Sigmoid => tensor.sigmoid(),
        MatrixFunction.Silu => functional.silu(tensor),
        MatrixFunction.Relu => functional.relu(tensor),
        MatrixFunction.Reciprocal => tensor.reciprocal(),
        MatrixFunction.QuickGelu => tensor.mul(Scalars.Of(TorchLayer.QuickGelu)).sigmoid_().mul_(tensor),
        MatrixFunction.Gelu => functional.gelu(tensor),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, null),
    });

    public override Matrix ReplaceBelow(float threshold, float replacement) => New(where(tensor.lt(Number(threshold)), Number(replacement), tensor));

    public override Matrix Softmax() =>
        New(functional.softmax(tensor, 1).masked_fill_(tensor.amax([1], keepdim: true).eq(Scalars.NegativeInfinity), Scalars.Of(0L)));

    public override Matrix UnitRows() => New(tensor.div(Norms()));

    public override Matrix RowSums() => New(tensor.sum(1, keepdim: true));

    public override Matrix RowNorms() => New(Norms());

    public override float Mean()
    {
        using var sum = tensor.sum(ScalarType.Float64);
        return (float)(sum.item<double>() / ((double)Rows * Columns));
    }

    public override float[] ToArray()
    {
        using var scope = NewDisposeScope();
        return tensor.cpu().contiguous().data<float>().ToArray();
    }

    protected override Matrix Times(Matrix b) => New(tensor.mm(Of(b)));

    protected override Matrix Combine(Elementwise2 operation, Matrix b) => New(operation switch
    {
        Elementwise2.Sum => tensor.add(Of(b), Scalars.One),
        Elementwise2.Difference => tensor.sub(Of(b)),
        Elementwise2.Product => tensor.mul(Of(b)),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    });

    private static Tensor Of(Matrix matrix) => ((TorchMatrix)matrix).Tensor;

    /// <summary>A computed number, which must not be kept as <see cref="Scalars"/> are: libtorch takes a tensor without axes for one, on every device.</summary>
    private static Tensor Number(float value) => torch.tensor(value);

    private Tensor Norms() => tensor.norm(1, keepdim: true);
}
