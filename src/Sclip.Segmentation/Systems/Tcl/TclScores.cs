using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Refinement;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Systems.Tcl;

/// <summary>
/// TCL's scores of a window: a probability of each name by itself, not one over all names. The authors' code (kakaobrain/tcl) does what the paper
/// does not tell of: pixel-adaptive refinement runs window by window on the decoder's grid, not on the finished map; behind it, the frozen CLIP's own masks are
/// mixed in, which training does not see.
/// </summary>
/// <param name="vision">The networks; let go of with this.</param>
internal sealed class TclScores(TclVision vision) : IScoringSystem
{
    // Of the frozen CLIP's cosines, in the authors' code.
    private const float ClipFactor = 10, ClipOffset = -2.5f;

    /// <summary>Whether masks are refined.</summary>
    public bool Refine { get; init; } = true;

    /// <summary>The share of the frozen CLIP's masks (<c>kp_w</c>).</summary>
    public float ClipShare { get; init; } = 0.3f;

    /// <inheritdoc />
    public WindowSize ScoreGrid(WindowSize window) => PaddingOf(window) is { IsNone: true } padding
        ? new(vision.Scale * padding.GridHeight, vision.Scale * padding.GridWidth)
        : window;

    /// <inheritdoc />
    public Matrix Scores(SystemWindow window)
    {
        var (padding, names) = (PaddingOf(window.Size), window.Names!);
        var (height, width) = (vision.Scale * padding.GridHeight, vision.Scale * padding.GridWidth);
        var scores = Masks(window, padding, names, height, width);
        if (!padding.IsNone)
        {
            var pixels = new float[padding.Height * padding.Width * names.Rows];
            BilinearResize.Pixels(scores, height, width, names.Rows, pixels, padding.Height, padding.Width);
            scores = padding.Cut(pixels, names.Rows);
        }
        var found = window.Algebra.From(scores, scores.Length / names.Rows, names.Rows);
        if (window.BackgroundThreshold is not { } threshold)
            return found;
        var all = window.Algebra.Zeros(found.Rows, 1 + found.Columns);
        all.ColumnRange(0, 1).Set(all.ColumnRange(0, 1).Scale(0, threshold));
        all.ColumnRange(1, found.Columns).Set(found);
        return all;
    }

    public void Dispose() => vision.Dispose();

    private PatchPadding PaddingOf(WindowSize window) => new(window.Height, window.Width, vision.Config.PatchSize);

    /// <summary>The masks of the names on the decoder's grid, <c>[height, width, names]</c>.</summary>
    private float[] Masks(SystemWindow window, PatchPadding padding, Matrix names, int height, int width)
    {
        using var scope = window.Algebra.Scope();
        var padded = window with { Planes = padding.Pad(window.Planes), Size = new(padding.Height, padding.Width) };
        var trunk = vision.Trunk(padded);
        var masks = vision.Masks(vision.MaskCosines(trunk, padding.GridHeight, padding.GridWidth, names, window.CancellationToken)).ToArray();
        if (Refine)
            RefineMasks(masks, names.Rows, height, width, padded);
        if (ClipShare > 0)
        {
            var clip = vision.ClipCosines(trunk, names, window.CancellationToken).Scale(ClipFactor, ClipOffset).Apply(MatrixFunction.Sigmoid).ToArray();
            var resized = new float[masks.Length];
            BilinearResize.Pixels(clip, padding.GridHeight, padding.GridWidth, names.Rows, resized, height, width);
            for (var i = 0; i < masks.Length; i++)
                masks[i] = ClipShare * resized[i] + (1 - ClipShare) * masks[i];
        }
        return masks;
    }

    private void RefineMasks(float[] masks, int names, int height, int width, SystemWindow padded)
    {
        var picture = new float[3 * height * width];
        BilinearResize.Planes(padded.Planes, 3, padded.Size.Height, padded.Size.Width, picture, height, width, alignCorners: true);
        // Windows are many and small: each is refined by the thread that it is on.
        using var threads = new Threads(1);
        var refinement = new Pamr(picture, 3, height, width, vision.Tcl.RefinementSteps, vision.Tcl.Dilations, threads, padded.CancellationToken);
        for (var name = 0; name < names; name++)
        {
            for (var i = 0; i < height * width; i++)
                refinement.Plane[i] = masks[i * names + name];
            var refined = refinement.Refine(padded.CancellationToken);
            for (var i = 0; i < height * width; i++)
                masks[i * names + name] = refined[i];
        }
    }
}
