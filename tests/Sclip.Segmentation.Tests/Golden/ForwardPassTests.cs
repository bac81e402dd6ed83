using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Vision;
using Sclip.Testing;

namespace Sclip.Segmentation.Tests.GoldenVectors;

public unsafe class ForwardPassTests
{
    /// <summary>Patches of each window, in rows and columns: runs of one window and of several, and a rest that all threads share.</summary>
    private static readonly (int Height, int Width)[] Grids = [(15, 15), (1, 1), (2, 3), (14, 16), (20, 21), (3, 1), (13, 17), (4, 4)];

    public static TheoryData<string, string> Methods
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var model in Golden.Models)
                foreach (var method in (string[])["sclip", "clip", "maskclip", "naclip", "clearclip", "sclip-random:2"])
                    data.Add(model, method);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Features_are_the_same_to_the_last_bit_for_any_number_of_threads_and_windows_in_a_pass(string name, string method)
    {
        float[]? expected = null, ofLarge = null;
        foreach (var threads in (int[])[1, 2, 3, 5])
        {
            using var model = new GoldenModel(name, threads);
            var dense = (ILastBlockMethod)DenseMethods.Create(method, model.Clip.Config);
            var windows = Windows(model.Clip.Config.PatchSize);
            expected ??= [.. windows.SelectMany(window => Features(model.Clip, [window], dense))];
            Assert.Equal(expected, Features(model.Clip, windows, dense));
            // One window of so many tokens that all threads take blocks of its rows.
            var large = new PixelWindow(windows[0].Rgb, windows[0].PictureWidth, 0, 0, 31 * model.Clip.Config.PatchSize, 30 * model.Clip.Config.PatchSize);
            ofLarge ??= Features(model.Clip, [large], dense);
            Assert.Equal(ofLarge, Features(model.Clip, [large], dense));
            float[] inTwo = [.. Features(model.Clip, windows[..5], dense), .. Features(model.Clip, windows[5..], dense)];
            Assert.Equal(expected, inTwo);
        }
    }

    private static PixelWindow[] Windows(int patch)
    {
        var side = 32 * patch;
        var picture = new byte[side * side * 3];
        new Random(7).NextBytes(picture);
        return [.. Grids.Select((grid, i) => new PixelWindow(picture, side, i, 2 * i, grid.Height * patch, grid.Width * patch))];
    }

    private static float[] Features(ClipModel model, PixelWindow[] windows, ILastBlockMethod method)
    {
        var rows = TokenBatch.Of(windows, PatchCut.Whole(model.Config.PatchSize)).Rows;
        return new ReadOnlySpan<float>(model.Vision.Forward(windows, method, CancellationToken.None), rows * model.Config.EmbeddingSize).ToArray();
    }
}
