using Sclip.Segmentation;

namespace Sclip.Bench.Peers;

/// <summary>
/// The forward pass of CLIP's vision transformer with SCLIP's last block as a graph of ONNX, by the operators that torch.onnx exports it to, in
/// 32 bits: B windows, T tokens, W width, H heads, D head dimension.
/// </summary>
internal sealed class VisionGraph
{
    public const string Pixels = "pixels", Features = "features";
    private const string Prefix = "vision_model";
    private readonly OnnxFile _file;
    private readonly SafeTensors _tensors;
    private readonly ClipConfig _config;
    private readonly int _tokens, _width, _heads;
    private readonly string _headShape, _tokenShape, _scale, _sigmoidFactor;

    private VisionGraph(OnnxFile file, SafeTensors tensors, ClipConfig config)
    {
        (_file, _tensors, _config) = (file, tensors, config);
        (_tokens, _width, _heads) = (1 + config.NativeGrid * config.NativeGrid, config.Vision.Width, config.Vision.Heads);
        // 0: as it is.
        _headShape = file.Shape("head_shape", 0, _tokens, _heads, _width / _heads);
        _tokenShape = file.Shape("token_shape", 0, _tokens, _width);
        _scale = file.Tensor("scale", [1 / MathF.Sqrt(_width / (float)_heads)]);
        _sigmoidFactor = file.Tensor("sigmoid_factor", [1.702f]);
    }

    /// <summary>Writes it: pixels[B, 3, side, side] in, features[B, T, embedding size] out.</summary>
    public static void Write(string path, SafeTensors tensors, ClipConfig config)
    {
        using (var file = new OnnxFile(path + ".part"))
        {
            file.Input(Pixels, "batch", 3, config.ImageSize, config.ImageSize);
            new VisionGraph(file, tensors, config).Write();
            file.Output(Features, "batch", 1 + config.NativeGrid * config.NativeGrid, config.EmbeddingSize);
        }
        File.Move(path + ".part", path, overwrite: true);
    }

    private void Write()
    {
        var x = Norm(Embed(), $"{Prefix}.pre_layrnorm");
        for (var layer = 0; layer < _config.Vision.Layers; layer++)
            x = Block(x, $"{Prefix}.encoder.layers.{layer}", isLast: layer == _config.Vision.Layers - 1);
        _file.Node("MatMul", Features, [Norm(x, $"{Prefix}.post_layernorm"), Transposed("visual_projection.weight", _config.EmbeddingSize, _width)]);
    }

    /// <summary>[B, T, W]: the class token, then patches by the convolution, positions added.</summary>
    private string Embed()
    {
        const string Embeddings = $"{Prefix}.embeddings";
        var patch = _config.PatchSize;
        var grid = _file.Node("Conv", [Pixels, Constant($"{Embeddings}.patch_embedding.weight", _width, 3, patch, patch)], ("kernel_shape", (int[])[patch, patch]), ("strides", (int[])[patch, patch]));
        var patches = Transpose(_file.Node("Reshape", [grid, _file.Shape("patch_shape", 0, _width, -1)]), 0, 2, 1);
        var batch = _file.Node("Shape", [Pixels], ("start", 0), ("end", 1));
        var shape = _file.Node("Concat", [batch, _file.Shape("class_shape", 1, _width)], ("axis", 0));
        var classToken = _file.Node("Expand", [Constant($"{Embeddings}.class_embedding", _width), shape]);
        return Add(_file.Node("Concat", [classToken, patches], ("axis", 1)), Constant($"{Embeddings}.position_embedding.weight", _tokens, _width));
    }

    /// <summary>x + attention(norm1(x)), then x + mlp(norm2(x)); the last attends as SCLIP does, softmax(q qT) + softmax(k kT).</summary>
    private string Block(string x, string prefix, bool isLast)
    {
        var normed = Norm(x, $"{prefix}.layer_norm1");
        var (query, key, value) = (Heads(normed, $"{prefix}.self_attn.q_proj"), Heads(normed, $"{prefix}.self_attn.k_proj"), Heads(normed, $"{prefix}.self_attn.v_proj"));
        var weights = isLast ? Add(Weights(query, query), Weights(key, key)) : Weights(query, key);
        var context = _file.Node("Reshape", [Transpose(MatMul(weights, value), 0, 2, 1, 3), _tokenShape]);
        x = Add(x, Linear(context, $"{prefix}.self_attn.out_proj", _width, _width));
        var hidden = Activation(Linear(Norm(x, $"{prefix}.layer_norm2"), $"{prefix}.mlp.fc1", _config.Vision.Hidden, _width));
        return Add(x, Linear(hidden, $"{prefix}.mlp.fc2", _width, _config.Vision.Hidden));
    }

    /// <summary>[B, H, T, D].</summary>
    private string Heads(string x, string name) => Transpose(_file.Node("Reshape", [Linear(x, name, _width, _width), _headShape]), 0, 2, 1, 3);

    /// <summary>softmax(a bT / sqrt(D)), [B, H, T, T].</summary>
    private string Weights(string a, string b) => _file.Node("Softmax", [_file.Node("Mul", [MatMul(a, Transpose(b, 0, 1, 3, 2)), _scale])], ("axis", -1));

    private string Activation(string x) => _config.Vision.Activation == Segmentation.Activation.QuickGelu
        ? _file.Node("Mul", [x, _file.Node("Sigmoid", [_file.Node("Mul", [x, _sigmoidFactor])])])
        : _file.Node("Gelu", [x]);

    private string Norm(string x, string name) =>
        _file.Node("LayerNormalization", [x, Constant($"{name}.weight", _width), Constant($"{name}.bias", _width)], ("axis", -1), ("epsilon", _config.Vision.Epsilon));

    private string Linear(string x, string name, int outputs, int inputs) => Add(MatMul(x, Transposed($"{name}.weight", outputs, inputs)), Constant($"{name}.bias", outputs));

    private string MatMul(string a, string b) => _file.Node("MatMul", [a, b]);

    private string Add(string a, string b) => _file.Node("Add", [a, b]);

    private string Transpose(string x, params int[] axes) => _file.Node("Transpose", [x], ("perm", axes));

    private string Constant(string name, params int[] shape) => _file.Tensor(name, _tensors.Read(name, shape), [.. shape.Select(length => (long)length)]);

    /// <summary>A weight [outputs, inputs] as [inputs, outputs], as the export folds its transposition.</summary>
    private string Transposed(string name, int outputs, int inputs)
    {
        var values = _tensors.Read(name, outputs, inputs);
        var transposed = new float[values.Length];
        for (var row = 0; row < outputs; row++)
            for (var column = 0; column < inputs; column++)
                transposed[column * outputs + row] = values[row * inputs + column];
        return _file.Tensor(name, transposed, inputs, outputs);
    }
}
