using Sclip.Segmentation.Algebra;
using Sclip.Segmentation.Vision;

namespace Sclip.Segmentation.Attention;

/// <summary>
/// A path beside the ordinary one over the model's last blocks, as CLIP Surgery (arXiv 2304.05653) has it and GEM took over: it begins with what the ordinary
/// path begins them with, each block's attention, made of the ordinary path's input of that block, is added to it, and there is no MLP. Both authors' code
/// changes six blocks of models of any depth.
/// </summary>
internal static class SecondPath
{
    private const int ChangedBlocks = 6;

    /// <summary>The blocks whose outputs the changed ones begin with.</summary>
    public static IEnumerable<int> Outputs(int blocks) => Enumerable.Range(First(blocks) - 1, blocks - First(blocks) + 1);

    /// <summary>The path's end, <c>[tokens, width]</c>.</summary>
    /// <param name="window">The window.</param>
    /// <param name="attend">The heads' contexts side by side, of what a block's attention works on.</param>
    public static Matrix Run(WindowTower window, Func<BlockInput, Matrix> attend)
    {
        var path = window.Output(First(window.Last) - 1);
        for (var block = First(window.Last); block <= window.Last; block++)
        {
            var (before, number) = (path, block);
            path = window.Algebra.Keep(path.Rows, path.Columns, () => before + window.Blocks.ProjectOut(number, attend(window.Input(number, window.Output(number - 1)))));
        }
        return path;
    }

    private static int First(int blocks) => Math.Max(1, blocks - ChangedBlocks + 1);
}
