namespace Sclip.Segmentation;

/// <summary>The numbers in which matrix products and attention are computed; norms, softmax and sums over windows are in 32 bits always.</summary>
public enum EnginePrecision
{
    /// <summary>32 bits; the same labels as the managed engine, but for near-ties.</summary>
    Float32,

    /// <summary>16 bits with the range of 32.</summary>
    BFloat16,

    /// <summary>16 bits of higher precision and smaller range.</summary>
    Float16,
}
