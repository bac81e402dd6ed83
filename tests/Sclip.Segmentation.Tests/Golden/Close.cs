namespace Sclip.Segmentation.Tests.GoldenVectors;

/// <summary>Comparison within the tolerances of the golden README: absolute or relative.</summary>
internal static class Close
{
    public static void Assert(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string what)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = MathF.Abs(expected[i] - actual[i]);
            if (!(difference <= tolerance || difference <= tolerance * MathF.Abs(expected[i])))
                Xunit.Assert.Fail($"{what}: value {i} is {actual[i]}, expected {expected[i]}.");
        }
    }

    /// <summary>Label maps may differ only where the two best scores are within 1e-4 of each other.</summary>
    public static void AssertLabels(ReadOnlySpan<byte> expected, ReadOnlySpan<ushort> actual, Func<int, float> margin, string what)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (expected[i] != actual[i] && margin(i) >= 1e-4f)
                Xunit.Assert.Fail($"{what}: pixel {i} is {actual[i]}, expected {expected[i]}, its two best scores {margin(i)} apart.");
    }
}
