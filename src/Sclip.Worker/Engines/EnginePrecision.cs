namespace Sclip.Worker.Engines;

/// <summary>Number format that a device computes the vision transformer in.</summary>
public enum EnginePrecision
{
    /// <summary>32 bits; the same labels as the managed engine, but for near-ties.</summary>
    Float32,

    /// <summary>16 bits with the range of 32.</summary>
    BFloat16,

    /// <summary>16 bits.</summary>
    Float16,
}
