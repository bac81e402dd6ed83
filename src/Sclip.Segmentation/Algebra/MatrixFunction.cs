namespace Sclip.Segmentation.Algebra;

/// <summary>Functions of single entries.</summary>
internal enum MatrixFunction
{
    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>x sigmoid(1.702 x).</summary>
    QuickGelu,

    /// <summary>x Phi(x), exact.</summary>
    Gelu,

    /// <summary>x sigmoid(x).</summary>
    Silu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>1 / x.</summary>
    Reciprocal,
}

/// <summary>Operations on two entries.</summary>
internal enum Elementwise2
{
    /// <summary>a + b.</summary>
    Sum,

    /// <summary>a - b.</summary>
    Difference,

    /// <summary>a b.</summary>
    Product,
}
