using System.Globalization;
using Sclip.Segmentation;
using Sclip.Segmentation.Attention;
using Sclip.Segmentation.Kernels;
using Sclip.Segmentation.Vision;

namespace Sclip.Bench;

/// <summary>
/// Where the time of a forward pass goes: each stage of a block by itself, on one window and one thread, in processor time, so that what
/// else runs on the machine counts for little. Parts of a stage are indented.
/// </summary>
internal static unsafe class ProfileBench
{
    private const int Side = 224, Tiles = 2000;

    public static void Run(string model)
    {
        using var clip = ClipModel.Load(model, threads: 1);
        var (config, kernel, threads, vision) = (clip.Config.Vision, GemmKernel.Best, clip.Threads, clip.Vision);
        var picture = new byte[Side * Side * 3];
        new Random(2).NextBytes(picture);
        PixelWindow[] window = [new(picture, Side, 0, 0, Side, Side)];
        var batch = TokenBatch.Of(window, PatchCut.Whole(clip.Config.PatchSize));
        var (rows, width, heads, head) = (batch.Rows, config.Width, config.Heads, config.Width / config.Heads);
        var layers = EncoderLayer.LoadAll(clip.Tensors, "vision_model", config, kernel, threads);
        using var x = new NativeBuffer(rows * width);
        using var y = new NativeBuffer(rows * width);
        using var qkv = new NativeBuffer(rows * 3 * width);
        using var hidden = new NativeBuffer((long)kernel.WholeRows(rows) * config.Hidden);
        using var scratch = new Scratch();
        hidden.Clear();
        vision.Embed(window, batch, x.Pointer, vision.Together);
        var (method, ordinary) = (new CorrelativeSelfAttention(), new ClipAttention());

        var rate = VisionBench.FlopsOfTile(kernel) * Tiles / Seconds(200, () => kernel.TimeAlone(Tiles));
        var pass = Seconds(3, () => vision.Forward(window, method, CancellationToken.None));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            one window, one thread, vectors of {Simd.Width} bits, processor time
            micro-kernel alone {rate / 1e9:F1} GFLOP/s; forward pass {pass * 1e3:F1} ms, {VisionBench.FlopsOfWindow(clip.Config) / pass / rate:P1} of the kernel's rate

            | stage | ms in a pass | share of it | of the kernel's rate |
            |---|---:|---:|---:|
            """));
        double patches = rows - 1, tokens = rows;
        Tell("patch embedding", 1, 2 * patches * 3 * clip.Config.PatchSize * clip.Config.PatchSize * width, () => vision.Embed(window, batch, x.Pointer, vision.Together));
        Each("q, k, v with their norm", 2 * tokens * width * 3 * width, layer => layer.ProjectQkv(x.Pointer, y.Pointer, qkv.Pointer, rows, threads));
        var operands = new BlockOperands(y.Pointer, qkv.Pointer, null, width, head, rows);
        Each("attention", 4 * tokens * tokens * width, _ => Heads(i => new HeadAttention(new HeadOperands(operands, batch, 0, i), ordinary, kernel, scratch).Attend(hidden.Pointer + i * head, width)));
        Each("- packing", 0, _ => Heads(Pack));
        Each("- softmax", 0, _ => Heads(i =>
        {
            for (var first = 0; first < rows; first += kernel.Columns)
                ColumnSoftmax.Apply(hidden.Pointer, rows, kernel.Columns, 0.125f, 1, Simd.Width);
        }));
        Each("projection of the context", 2 * tokens * width * width, layer => layer.OutputAndMlp(y.Pointer, x.Pointer, rows, attentionOutputOnly: true, threads));
        vision.Embed(window, batch, x.Pointer, vision.Together);
        Each("the same, and MLP with its norm", 2 * tokens * width * (width + 2 * config.Hidden), layer => layer.OutputAndMlp(y.Pointer, x.Pointer, rows, attentionOutputOnly: false, threads));
        Each("- activation and bias", 0, _ =>
        {
            for (var first = 0; first < rows * config.Hidden; first += kernel.Columns * kernel.Full.Rows)
                kernel.Finish(y.Pointer, kernel.Columns, kernel.Full.Rows, kernel.Columns, x.Pointer, Epilogue.QuickGelu);
        });
        Each("- norm", 0, _ => LayerNorm.Rows(x.Pointer, y.Pointer, rows, width, x.Pointer, x.Pointer, config.Epsilon));
        Each("packing of rows, in all of the above", 0, _ =>
        {
            for (var slice = 0; slice < 3 + config.Hidden / width; slice++)
                Gemm.PackRows(y.Pointer, width, rows, width, kernel, hidden.Pointer, scratch);
        });
        foreach (var layer in layers)
            layer.Dispose();

        void Pack(int i) => _ = new HeadAttention(new HeadOperands(operands, batch, 0, i), ordinary, kernel, scratch);

        void Heads(Action<int> of)
        {
            for (var i = 0; i < heads; i++)
                of(i);
        }

        // Weights of all blocks in turn, as a pass has them: none lies in a cache from the last time.
        void Each(string stage, double flopsOfBlock, Action<EncoderLayer> of) => Tell(stage, layers.Length, flopsOfBlock, () =>
        {
            foreach (var layer in layers)
                of(layer);
        });

        void Tell(string stage, int blocks, double flops, Action run)
        {
            var seconds = Seconds(5, run);
            var share = flops == 0 ? "" : (blocks * flops / seconds / rate).ToString("P1", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {stage} | {seconds * 1e3:F2} | {seconds / pass:P1} | {share} |"));
        }
    }

    /// <summary>The least of some runs after a first, in seconds of this process's processor time.</summary>
    private static double Seconds(int runs, Action run)
    {
        run();
        var least = double.MaxValue;
        for (var i = 0; i < runs; i++)
        {
            var start = Environment.CpuUsage.TotalTime;
            run();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }
        return least;
    }
}
