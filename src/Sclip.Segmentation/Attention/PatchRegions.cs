using System.Numerics.Tensors;

namespace Sclip.Segmentation.Attention;

/// <summary>Regions that the patches of a picture form.</summary>
/// <param name="GridHeight">Rows of patches.</param>
/// <param name="GridWidth">Patches of a row.</param>
/// <param name="OfPatch">The region of each patch, row by row; <see cref="DensityClusters.Noise"/> where it is in none.</param>
/// <param name="Likeness">How much each patch is like each region, <c>[regions, patches]</c>.</param>
/// <param name="Count">Regions.</param>
internal sealed record PatchRegions(int GridHeight, int GridWidth, int[] OfPatch, float[] Likeness, int Count)
{
    /// <summary>Regions told by the mean of their patches' rows.</summary>
    /// <param name="gridHeight">Rows of patches.</param>
    /// <param name="gridWidth">Patches of a row.</param>
    /// <param name="rows">How much each patch is like each other, <c>[patches, patches]</c>.</param>
    /// <param name="ofPatch">The region of each patch.</param>
    public static PatchRegions Of(int gridHeight, int gridWidth, float[] rows, int[] ofPatch)
    {
        var patches = ofPatch.Length;
        var sizes = new int[ofPatch.Max() + 1];
        var likeness = new float[sizes.Length * patches];
        for (var patch = 0; patch < patches; patch++)
        {
            if (ofPatch[patch] == DensityClusters.Noise)
                continue;
            var sum = likeness.AsSpan(ofPatch[patch] * patches, patches);
            TensorPrimitives.Add(sum, rows.AsSpan(patch * patches, patches), sum);
            sizes[ofPatch[patch]]++;
        }
        for (var region = 0; region < sizes.Length; region++)
        {
            var sum = likeness.AsSpan(region * patches, patches);
            TensorPrimitives.Divide(sum, sizes[region], sum);
        }
        return new(gridHeight, gridWidth, ofPatch, likeness, sizes.Length);
    }
}
