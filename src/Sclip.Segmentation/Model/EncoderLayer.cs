using Sclip.Segmentation.Kernels;

namespace Sclip.Segmentation;

/// <summary>
/// The weights of one transformer block, packed for the matrix product once, and the parts of its forward pass that vision and text
/// share: x + attention(norm1(x)), then x + mlp(norm2(x)). R rows (tokens), W width.
/// </summary>
internal sealed unsafe class EncoderLayer : IDisposable
{
    private readonly NativeBuffer _norm1Weight, _norm1Bias, _norm2Weight, _norm2Bias, _qkvBias, _outBias, _fc1Bias, _fc2Bias;
    private readonly PackedMatrix _qkv, _out, _fc1, _fc2;
    private readonly int _hidden;
    private readonly float _epsilon;
    private readonly Epilogue _activation;

    private EncoderLayer(SafeTensors tensors, string prefix, TransformerConfig config, GemmKernel kernel, Scratch scratch)
    {
        var (width, hidden) = (config.Width, config.Hidden);
        (Width, _hidden) = (width, hidden);
        _epsilon = config.Epsilon;
        _activation = config.Activation == Activation.QuickGelu ? Epilogue.QuickGelu : Epilogue.Gelu;
        (_norm1Weight, _norm1Bias) = Norm(tensors, $"{prefix}.layer_norm1", width);
        (_norm2Weight, _norm2Bias) = Norm(tensors, $"{prefix}.layer_norm2", width);
        _qkv = new PackedMatrix(width, 3 * width, kernel);
        _qkvBias = new NativeBuffer(3 * width);
        foreach (var (i, part) in ((int, string)[])[(0, "q"), (1, "k"), (2, "v")])
        {
            using var rows = tensors.OpenRows($"{prefix}.self_attn.{part}_proj.weight", width, width);
            _qkv.SetColumns(i * width, width, rows, scratch);
            tensors.Read($"{prefix}.self_attn.{part}_proj.bias", width).CopyTo(_qkvBias.Span(i * width, width));
        }
        (_out, _outBias) = Linear(tensors, $"{prefix}.self_attn.out_proj", width, width, kernel, scratch);
        (_fc1, _fc1Bias) = Linear(tensors, $"{prefix}.mlp.fc1", width, hidden, kernel, scratch);
        (_fc2, _fc2Bias) = Linear(tensors, $"{prefix}.mlp.fc2", hidden, width, kernel, scratch);
    }

    public int Width { get; }

    /// <summary>All blocks of a tower, packed on several threads.</summary>
    public static EncoderLayer[] LoadAll(SafeTensors tensors, string tower, TransformerConfig config, GemmKernel kernel, Threads threads)
    {
        // Before memory is taken by what the configuration says alone.
        tensors.Require($"{tower}.encoder.layers.0.mlp.fc1.weight", config.Hidden, config.Width);
        var layers = new EncoderLayer[config.Layers];
        threads.For(layers.Length, (i, scratch) => layers[i] = new EncoderLayer(tensors, $"{tower}.encoder.layers.{i}", config, kernel, scratch));
        return layers;
    }

    /// <summary>y[R, W] = norm1(x), and qkv[R, 3W] its queries, keys and values, side by side.</summary>
    public void ProjectQkv(float* x, float* y, float* qkv, int rows, Threads threads) => Gemm.ForRowBlocks(rows, _qkv.Kernel, threads, (first, count, team) =>
    {
        var normed = new PackedRows(count, Width, _qkv.Kernel, team, Scratch.Slot.PackedRows);
        normed.Pack((row, some, _) => Norm(x, first + row, some, y + (nint)(first + row) * Width, _norm1Weight, _norm1Bias), Width, team);
        Gemm.Multiply(normed, _qkv, 0, qkv + (nint)first * 3 * Width, 3 * Width, _qkvBias.Pointer, Epilogue.None, team);
    });

    /// <summary>
    /// What follows attention, row by row: x += out_proj(context), then x += mlp(norm2(x)); or x = out_proj(context) where the attention's output is
    /// all that is wanted.
    /// </summary>
    public void OutputAndMlp(float* context, float* x, int rows, bool attentionOutputOnly, Threads threads) => Gemm.ForRowBlocks(rows, _out.Kernel, threads, (first, count, team) =>
    {
        var stream = x + (nint)first * Width;
        var packed = new PackedRows(count, Width, _out.Kernel, team, Scratch.Slot.PackedRows);
        packed.Pack(context + (nint)first * Width, Width, team);
        Gemm.Multiply(packed, _out, 0, stream, Width, _outBias.Pointer, attentionOutputOnly ? Epilogue.None : Epilogue.Residual, team);
        if (!attentionOutputOnly)
            Mlp(stream, count, team);
    });

    /// <summary>x += mlp(norm2(x)).</summary>
    public void AddMlp(float* x, int rows, Threads threads) =>
        Gemm.ForRowBlocks(rows, _fc1.Kernel, threads, (first, count, team) => Mlp(x + (nint)first * Width, count, team));

    /// <summary>
    /// x += mlp(norm2(x)), some hidden columns at a time, a slice of depth for each thread: they go from the first product into the second packed.
    /// </summary>
    private void Mlp(float* x, int rows, Threads threads)
    {
        var kernel = _fc1.Kernel;
        var normed = new PackedRows(rows, Width, kernel, threads, Scratch.Slot.PackedRows);
        normed.Pack((row, some, scratch) => Norm(x, row, some, scratch.Get(Scratch.Slot.Normed, (long)some * Width), _norm2Weight, _norm2Bias), Width, threads);
        var columns = GemmKernel.Depth * threads.Count;
        for (var first = 0; first < _hidden; first += columns)
        {
            var count = Math.Min(columns, _hidden - first);
            var hidden = new PackedRows(rows, count, kernel, threads, Scratch.Slot.PackedHidden);
            Gemm.MultiplyToPacked(normed, _fc1, first / kernel.Columns, (first + count + kernel.Columns - 1) / kernel.Columns, _fc1Bias.Pointer, _activation, hidden, threads);
            Gemm.Multiply(hidden, _fc2, first, x, Width, _fc2Bias.Pointer, Epilogue.Residual, threads);
        }
    }

    /// <summary>Normalises some rows of x from the first on into y.</summary>
    private float* Norm(float* x, int first, int rows, float* y, NativeBuffer weight, NativeBuffer bias)
    {
        LayerNorm.Rows(x + (nint)first * Width, y, rows, Width, weight.Pointer, bias.Pointer, _epsilon);
        return y;
    }

    public static (NativeBuffer Weight, NativeBuffer Bias) Norm(SafeTensors tensors, string name, int width) =>
        (Vector(tensors, $"{name}.weight", width), Vector(tensors, $"{name}.bias", width));

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_norm1Weight, _norm1Bias, _norm2Weight, _norm2Bias, _qkv, _qkvBias, _out, _outBias, _fc1, _fc1Bias, _fc2, _fc2Bias])
            part.Dispose();
    }

    private static (PackedMatrix Weight, NativeBuffer Bias) Linear(SafeTensors tensors, string name, int k, int n, GemmKernel kernel, Scratch scratch)
    {
        using var rows = tensors.OpenRows($"{name}.weight", n, k);
        var weight = new PackedMatrix(k, n, kernel);
        weight.SetColumns(0, n, rows, scratch);
        return (weight, Vector(tensors, $"{name}.bias", n));
    }

    private static NativeBuffer Vector(SafeTensors tensors, string name, int length)
    {
        var buffer = new NativeBuffer(length);
        tensors.Read(name, buffer.Span(0, length), length);
        return buffer;
    }
}
