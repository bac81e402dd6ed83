using CsCheck;
using Sclip.Testing;

namespace Sclip.Formats.Tests;

/// <summary>Masks of all kinds, to be tried by the hundred.</summary>
internal static class Masks
{
    private static readonly Gen<int> Side = Gen.Frequency((1, Gen.Const(1)), (4, Gen.Int[1, 40]));

    // Lengths on both sides of where a packing takes more bits.
    private static readonly Gen<int> Length = Gen.OneOf(Gen.Int[1, 5], Gen.Select(Gen.Int[2, 16], Gen.Int[-1, 1], (bits, more) => (1 << bits) + more));

    private static readonly Gen<Mask> Noise =
        from width in Side
        from height in Side
        from most in Gen.Int[0, 3]
        from labels in Gen.Int[Mask.None, most].Array[width * height]
        select new Mask(width, height, labels);

    private static readonly Gen<Mask> Patches =
        from width in Side
        from height in Side
        from centres in Gen.Select(Gen.Int[0, width - 1], Gen.Int[0, height - 1], Gen.Int[Mask.None, 3]).Array[1, 24]
        select new Mask(width, height, [.. Enumerable.Range(0, width * height).Select(i => centres.MinBy(centre => Square(centre.Item1 - i % width) + Square(centre.Item2 - i / width)).Item3)]);

    /// <summary>Small masks, single rows and columns among them: every pixel for itself, or patches. Some classes may be missing, or all.</summary>
    public static Gen<Mask> Any { get; } = Gen.OneOf(Noise, Patches);

    /// <summary>Masks of a few runs, row by row, of lengths up to some ten thousand; single rows and columns among them.</summary>
    public static Gen<Mask> OfRuns { get; } =
        from runs in Gen.Select(Length, Gen.Int[Mask.None, 1]).Array[1, 6]
        from width in Gen.OneOf(Gen.Const(1), Gen.Int[1, 300], Gen.Const(runs.Sum(run => run.Item1)))
        let labels = runs.SelectMany(run => Enumerable.Repeat(run.Item2, run.Item1)).ToArray()
        select new Mask(width, (labels.Length + width - 1) / width, [.. labels, .. Enumerable.Repeat(Mask.None, (width - labels.Length % width) % width)]);

    /// <summary>Tries a property of masks; the smallest for which it does not hold is shown as it looks.</summary>
    public static void Hold(this Gen<Mask> masks, int times, Action<Mask> property) => masks.Holds(times, property, mask => mask.Text);

    private static int Square(int value) => value * value;
}
