namespace Sclip.Segmentation;

/// <summary>
/// The numbers in which matrix products and, on a GPU, attention are computed; norms, softmax and sums over windows are in 32 bits always, and
/// on the CPU attention, the patch embedding and the last projection too. The matrices by which methods over several blocks and trained systems are written
/// are in 32 bits on every device, between layers that are not.
/// </summary>
public enum EnginePrecision
{
    /// <summary>32 bits; the same labels as the managed engine, but for near-ties.</summary>
    Float32,

    /// <summary>16 bits with the range of 32.</summary>
    BFloat16,

    /// <summary>16 bits of higher precision and smaller range.</summary>
    Float16,
}

/// <summary>The names of number formats, in options and files.</summary>
public static class EnginePrecisions
{
    /// <summary>The name of a number format.</summary>
    public static string NameOf(EnginePrecision precision) => precision switch
    {
        EnginePrecision.BFloat16 => "bf16",
        EnginePrecision.Float16 => "fp16",
        _ => "fp32",
    };

    /// <summary>The number format of a name; null where there is none of that name.</summary>
    public static EnginePrecision? Of(string? name) => Enum.GetValues<EnginePrecision>().Where(precision => NameOf(precision) == name).Select(precision => (EnginePrecision?)precision).FirstOrDefault();
}
