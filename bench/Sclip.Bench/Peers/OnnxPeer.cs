using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Sclip.Bench.Peers;

/// <summary>ONNX Runtime on the CPU, with all its optimisations of the graph, into memory that is taken once.</summary>
internal sealed partial class OnnxPeer : IPeer
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private OrtValue? _pixels, _features;
    private float[] _values = [];

    public OnnxPeer(string file, int threads)
    {
        // It would report its use. By the C library, as .NET keeps an environment of its own.
        _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", 1);
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
        };
        _session = new InferenceSession(file, options);
    }

    public string Name => "ONNX Runtime";

    public double Tolerance => 0;

    public ReadOnlySpan<float> Features => _values;

    public void Take(WindowBatch batch)
    {
        _pixels?.Dispose();
        _features?.Dispose();
        _values = new float[batch.Count * batch.Tokens * batch.EmbeddingSize];
        _pixels = OrtValue.CreateTensorValueFromMemory(batch.Pixels, [batch.Count, 3, batch.Side, batch.Side]);
        _features = OrtValue.CreateTensorValueFromMemory(_values, [batch.Count, batch.Tokens, batch.EmbeddingSize]);
    }

    public void Forward() => _session.Run(_options, [VisionGraph.Pixels], [_pixels!], [VisionGraph.Features], [_features!]);

    public void Dispose()
    {
        _pixels?.Dispose();
        _features?.Dispose();
        _options.Dispose();
        _session.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
