namespace Sclip.Bench.Peers;

/// <summary>One who computes the dense forward pass, to be measured in turns with others.</summary>
internal interface IPeer : IDisposable
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>How far its features may be from ONNX Runtime's, of their length, for it to compute the same.</summary>
    double Tolerance { get; }

    /// <summary>Takes what all passes from now on are of.</summary>
    void Take(WindowBatch batch);

    /// <summary>One pass over the batch.</summary>
    void Forward();

    /// <summary>Features of the last pass, <c>[windows * tokens, embedding size]</c>.</summary>
    ReadOnlySpan<float> Features { get; }
}
