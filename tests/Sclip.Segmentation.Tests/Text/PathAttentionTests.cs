using Sclip.Segmentation.Tests.Kernels;
using Sclip.Segmentation.Text;

namespace Sclip.Segmentation.Tests.Text;

public unsafe class PathAttentionTests
{
    [Theory]
    [MemberData(nameof(KernelWidthTests.Widths), MemberType = typeof(KernelWidthTests))]
    public void A_node_attends_to_its_path_as_in_double_precision(int width)
    {
        const int Nodes = 150, Heads = 3;
        foreach (var headDimension in (int[])[1, 4, 8, 12, 64])
            foreach (var length in (int[])[1, 15, 16, 17, 77])
            {
                var whole = Heads * headDimension;
                var qkv = Reference.Random(Nodes * 3 * whole, length, 2);
                // Ascending, with nodes of other paths between.
                int[] path = [.. Enumerable.Range(0, Nodes).Where(node => node * length / Nodes != (node + 1) * length / Nodes)];
                Assert.Equal(length, path.Length);
                var context = Enumerable.Repeat(7f, whole + 2).ToArray();
                fixed (float* values = qkv, result = context)
                    PathAttention.Attend(values, path, whole, Heads, result + 1, width);
                Assert.Equal((7, 7), (context[0], context[^1]));
                for (var i = 0; i < whole; i++)
                    Assert.Equal(Expected(qkv, path, whole, headDimension, i), context[i + 1], 1e-5);
            }
    }

    private static double Expected(float[] qkv, int[] path, int width, int headDimension, int column)
    {
        var head = column / headDimension * headDimension;
        var powers = path.Select(node => Math.Exp(Enumerable.Range(head, headDimension).Sum(d => (double)At(path[^1], d) * At(node, width + d)) / Math.Sqrt(headDimension))).ToArray();
        return path.Select((node, i) => powers[i] * At(node, 2 * width + column)).Sum() / powers.Sum();

        float At(int node, int offset) => qkv[node * 3 * width + offset];
    }
}
